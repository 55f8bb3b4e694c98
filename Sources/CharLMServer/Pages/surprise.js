// How surprising a text is: a heat map while it is typed, and what was expected at the pointer.
import * as api from "./api.js";
import { element, later, percent, problem, visible } from "./text.js";

const find = (id) => document.getElementById(id);
const text = find("read-text"), heat = find("heat"), panel = find("heat-panel"), modelName = find("model-name");
const thresholds = [1, 2, 4, 6, 9, 13];
const level = (bits) => thresholds.filter((least) => bits >= least).length;

let running = null;
let cells = [];
let chosen = -1;

const describe = ({ score }) => {
  const name = "“" + visible(score.text) + "” ";
  if (score.bits === null) return name + "was not predicted";
  const odds = score.bits >= 1 ? " (1 in " + Math.round(2 ** score.bits).toLocaleString("en") + ")" : "";
  const expected = score.likeliest.map((guess) => "\u2068" + visible(guess.text) + "\u2069 " + percent(guess.probability));
  return name + score.bits.toFixed(1) + " bits" + odds + "; expected " + expected.join(", ");
};

const choose = (number) => {
  if (!cells[number]) return;
  cells[chosen]?.cell.classList.remove("at");
  chosen = number;
  cells[number].cell.classList.add("at");
  panel.textContent = describe(cells[number]);
};

const show = (result) => {
  const bytes = new TextEncoder().encode(result.text);
  const decoder = new TextDecoder();
  let end = 0;
  cells = [];
  chosen = -1;
  const pieces = [];
  for (const score of result.scores) {
    // What the model does not know, or what separates documents, stands between two tokens.
    if (score.offset > end) pieces.push(decoder.decode(bytes.slice(end, score.offset)));
    end = Math.max(end, score.offset + score.size);
    if (score.size === 0) continue;
    const piece = decoder.decode(bytes.slice(score.offset, end));
    const isBreak = piece === "\n" || piece === "\r\n";
    const cell = element("span", isBreak ? (score.bits >= 1 ? "↵\n" : "\n") : piece, { class: "l" + level(score.bits ?? 0) });
    cells.push({ cell, score });
    pieces.push(cell);
  }
  pieces.push(decoder.decode(bytes.slice(end)));
  heat.replaceChildren(...pieces);
  find("read-figures").textContent = result.tokens + " tokens, " + result.bits_per_token.toFixed(2) + " bits per token, "
    + result.bits_per_byte.toFixed(2) + " per byte"
    + (result.unknown_tokens ? "; " + result.unknown_tokens + " are unknown to the model" : "");
  find("words").replaceChildren(...result.words.map((word) => element("li", [
    element("button", element("bdi", word.text), {
      onclick: () => { choose(cells.findIndex(({ score }) => score.offset === word.surprise_offset)); reveal(); },
    }), " " + word.bits.toFixed(1) + " bits" + (word.expected.trim() ? "; expected " : ""),
    element("bdi", word.expected.trim()),
  ])));
};

const reveal = () => cells[chosen]?.cell.scrollIntoView({ block: "nearest" });

const read = async () => {
  running?.abort();
  const controller = running = new AbortController();
  problem("");
  if ([...text.value].length < 2) return heat.replaceChildren();
  try {
    const body = { model: modelName.value, text: text.value, likeliest: 6, top: 8, on_unknown: "skip" };
    show(await api.json("/api/score", body, controller.signal));
  } catch (error) {
    if (error.name !== "AbortError") problem(error.message);
  }
};

/** What a link holds of this. */
export const parameters = () => (text.value ? { read: text.value } : {});

/** Takes what a link holds. */
export const restore = (given) => { text.value = given.get("read") ?? ""; };

/** Reads again, as after a change of the model. */
export const refresh = () => { if (text.value) read(); };

/** Lets the tab answer. */
export const begin = (changed) => {
  const soon = later(250, read);
  text.addEventListener("input", () => { changed(); soon(); });
  heat.addEventListener("pointerover", (event) => choose(cells.findIndex(({ cell }) => cell === event.target)));
  heat.addEventListener("focus", () => { if (chosen < 0) choose(0); });
  heat.addEventListener("keydown", (event) => {
    const onward = getComputedStyle(heat).direction === "rtl" ? "ArrowLeft" : "ArrowRight";
    const moves = { Home: -chosen, End: cells.length - 1 - chosen, [onward]: 1 };
    const back = onward === "ArrowLeft" ? "ArrowRight" : "ArrowLeft";
    let next = event.key === back ? chosen - 1 : event.key in moves ? chosen + moves[event.key] : -1;
    if (event.key === "n") next = cells.findIndex(({ score }, number) => number > chosen && level(score.bits ?? 0) >= 4);
    if (next < 0) return;
    event.preventDefault();
    choose(next);
    reveal();
  });
};
