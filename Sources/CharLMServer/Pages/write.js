// The playground: the model goes on with the text before the cursor.
import * as api from "./api.js";
import * as settings from "./settings.js";
import { Sample } from "./samples.js";
import * as shape from "./shape.js";
import { element, later, percent, problem, spoken, visible } from "./text.js";

const find = (id) => document.getElementById(id);
const text = find("text"), stop = find("stop"), undo = find("undo"), status = find("status");
const randomSeed = find("random-seed"), stopText = find("stop-text"), live = find("live");
const modelName = find("model-name"), otherModel = find("other-model");
const candidateCount = 12;

let running = null;
let samples = [];
let pickable = [];
let models = [];
const past = [];

const offerShapes = () => shape.offer(models.find(({ name }) => name === modelName.value)?.knows_documents ?? false);
const newSeed = () => String(Math.floor(Math.random() * 1e6));
const beforeCursor = () => text.value.slice(0, text.selectionStart);

/** Puts text at the cursor; the way back is kept. */
const insert = (more) => {
  past.push({ value: text.value, cursor: text.selectionStart });
  undo.disabled = false;
  text.focus();
  // This way the browser's own undo goes on to work.
  if (!document.execCommand("insertText", false, more)) {
    text.setRangeText(more, text.selectionStart, text.selectionEnd, "end");
    text.dispatchEvent(new Event("input"));
  }
};

/** Shows what may come at a place: buttons that put it into the text, after what stands before it. */
const offer = (before, token) => {
  // What is as good as impossible is no choice.
  const list = (token?.top_logprobs ?? []).filter(({ logprob }, number) => number < 3 || logprob > Math.log(0.001));
  pickable = list.map(({ token, special }) => before + (special === "document" ? "\n" : token));
  find("next-label").textContent = before ? "Instead" : "Next";
  find("candidates").replaceChildren(...list.map((candidate, number) => element("button", [
    element("bdi", visible(candidate.token)), " ", element("small", percent(Math.exp(candidate.logprob))),
  ], {
    "aria-label": spoken(candidate.token) + ", " + percent(Math.exp(candidate.logprob)),
    onclick: () => insert(pickable[number]),
  })));
};

const request = (model) => ({
  ...settings.fields(), model, seed: beforeCursor(), random_seed: Number(randomSeed.value) || 0, stream: true,
  show_candidates: candidateCount, ...(stopText.value && !stopText.disabled ? { stop: stopText.value } : {}),
  ...shape.fields(),
});

const follow = async (body, own, signal) => {
  const take = (event) => {
    if (event.error) throw new Error(event.error.message);
    if (event.index === undefined) return;
    const first = own[event.index].add(event);
    if (first && own[event.index] === samples[0]) offer("", first);
  };
  try {
    await api.events("/api/complete", { ...body, on_unknown: "nearest" }, signal, take);
  } catch (error) {
    if (error.status !== 400) throw error;
    // Characters that are like no other are left out.
    await api.events("/api/complete", { ...body, on_unknown: "skip" }, signal, take);
  }
};

/** Writes on from the cursor. */
export const go = async () => {
  running?.abort();
  const controller = running = new AbortController();
  problem("");
  stop.disabled = false;
  status.textContent = "writing …";
  const direction = getComputedStyle(text).direction;
  const models = [modelName.value, otherModel.value].filter((name, number) => number === 0 || name);
  samples = [];
  const boxes = models.map((model) => Array.from({ length: settings.fields().count }, (_, number) => {
    const name = (models.length > 1 ? model + " · " : "") + "seed " + ((Number(randomSeed.value) || 0) + number);
    const sample = new Sample(name, direction, offer, insert);
    samples.push(sample);
    return sample;
  }));
  find("samples").replaceChildren(...samples.map(({ box }) => box));
  try {
    await Promise.all(models.map((model, number) => follow(request(model), boxes[number], controller.signal)));
    if (running === controller) status.textContent = "";
  } catch (error) {
    if (error.name === "AbortError") return;
    controller.abort();
    status.textContent = "";
    problem(error.message);
  } finally {
    if (running === controller) { running = null; stop.disabled = true; }
  }
};

const halt = () => { running?.abort(); running = null; stop.disabled = true; status.textContent = ""; };

/** What a link holds of this. */
export const parameters = () => ({
  ...settings.unusual(), ...shape.parameters(), ...(text.value ? { text: text.value } : {}), random_seed: randomSeed.value,
  ...(stopText.value ? { stop: stopText.value } : {}), ...(otherModel.value ? { beside: otherModel.value } : {}),
});

/** Takes what a link holds. */
export const restore = (given) => {
  settings.restore(given);
  shape.restore(given);
  offerShapes();
  text.value = given.get("text") ?? "";
  text.setSelectionRange(text.value.length, text.value.length);
  randomSeed.value = /^\d{1,15}$/.test(given.get("random_seed") ?? "") ? given.get("random_seed") : newSeed();
  stopText.value = given.get("stop") ?? "";
  if ([...otherModel.options].some(({ value }) => value === given.get("beside"))) otherModel.value = given.get("beside");
};

/** Takes what the server offers now. */
export const takeModels = (offered) => { models = offered; offerShapes(); };

/** Lets the tab answer. `changed` is called when what a link holds has changed. */
export const begin = (changed, offered) => {
  models = offered;
  const soon = later(150, () => { if (live.checked) go(); });
  const change = () => { changed(); soon(); };
  settings.build(change);
  shape.begin(change);
  for (const input of [text, randomSeed, stopText, otherModel]) input.addEventListener("input", change);
  modelName.addEventListener("input", () => { offerShapes(); change(); });
  // The cursor was moved by hand: what comes next is of its place.
  text.addEventListener("click", soon);
  text.addEventListener("keyup", (event) => { if (/^(Arrow|Home|End|Page)/.test(event.key)) soon(); });
  find("go").addEventListener("click", go);
  stop.addEventListener("click", halt);
  find("retry").addEventListener("click", () => { randomSeed.value = newSeed(); changed(); go(); });
  undo.addEventListener("click", () => {
    const last = past.pop();
    undo.disabled = past.length === 0;
    if (!last) return;
    text.value = last.value;
    text.focus();
    text.setSelectionRange(last.cursor, last.cursor);
    change();
  });
  find("defaults").addEventListener("click", () => { 
    settings.restore(new URLSearchParams());
    shape.restore(new URLSearchParams());
    change();
  });
  find("copy").addEventListener("click", async () => {
    changed();
    try {
      await navigator.clipboard.writeText(location.href);
      status.textContent = "copied";
    } catch { status.textContent = "the address bar has the link"; }
  });
  find("write").addEventListener("keydown", (event) => {
    if (event.key === "Escape") halt();
    if (event.key === "Enter" && event.ctrlKey && samples[0]?.text) { event.preventDefault(); insert(samples[0].text); }
    const number = event.altKey && /^Digit[1-9]$/.test(event.code) ? Number(event.code.slice(5)) - 1 : -1;
    if (number >= 0 && pickable[number] !== undefined) { event.preventDefault(); insert(pickable[number]); }
  });
};
