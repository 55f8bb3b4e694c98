// What the units of the network do over a text: its colors by a unit, what units keep track of, search by example.
import * as api from "./api.js";
import { element, later, percent, problem, visible } from "./text.js";

const find = (id) => document.getElementById(id);
const text = find("unit-text"), field = find("unit-heat"), menu = find("unit"), about = find("unit-about");
const example = find("unit-example"), found = find("unit-found"), modelName = find("model-name");
const thresholds = [0.1, 0.25, 0.4, 0.55, 0.7, 0.85];

let running = null;
let cells = [];
let starts = [];
let activations = new Uint8Array();
let shown = null;
let unit = 0;
// The unit that is looked at stays, as long as the model has it on the page.
let wanted = "";

const unpacked = (base64) => Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
const activation = (cell, place) => (activations[cell * shown.units.length + place] - 127) / 127;
const signed = (value) => (value < 0 ? "\u2212" : "") + Math.abs(value).toFixed(2);

const color = (value) => {
  const level = thresholds.filter((least) => Math.abs(value) >= least).length;
  return level === 0 ? "" : (value > 0 ? "p" : "m") + level;
};

const choose = (place) => {
  unit = place;
  wanted = shown.units[place].name;
  menu.value = String(place);
  cells.forEach((cell, number) => { cell.className = color(activation(number, place)); });
  for (const button of document.querySelectorAll("#neurons [data-unit]")) {
    button.setAttribute("aria-pressed", String(Number(button.dataset.unit) === place));
  }
  const { name, correlations, notes } = shown.units[place];
  const ranked = correlations.map((correlation, number) => [shown.quantities[number], correlation])
    .sort((a, b) => Math.abs(b[1]) - Math.abs(a[1])).slice(0, 3);
  about.textContent = name + ": " + [
    ranked.map(([quantity, correlation]) => quantity + " " + signed(correlation)).join(", "), ...notes].join("; ");
};

const button = (place, value) => element("button", shown.units[place].name + ": " + signed(value), {
  "data-unit": place, "aria-pressed": place === unit, onclick: () => choose(place),
});

const showTrackers = () => find("trackers").tBodies[0].replaceChildren(...shown.quantities.map((quantity, number) =>
  element("tr", [element("th", quantity, { scope: "row" }), element("td", element("div", shown.units
    .map(({ correlations }, place) => ({ place, value: correlations[number] }))
    .sort((a, b) => Math.abs(b.value) - Math.abs(a.value)).slice(0, 3)
    .map(({ place, value }) => button(place, value)), { class: "buttons" }))])));

const show = (result) => {
  shown = result.shown;
  activations = unpacked(shown.activations);
  [cells, starts] = [[], []];
  let end = 0;
  for (const length of unpacked(shown.lengths)) {
    const piece = shown.text.slice(end, end + length);
    starts.push(end);
    end += length;
    cells.push(element("span", piece === "\n" || piece === "\r\n" ? "↵\n" : piece));
  }
  field.replaceChildren(...cells);
  menu.replaceChildren(...shown.units.map(({ name }, place) => element("option", name, { value: place })));
  find("unit-figures").textContent = `${result.tokens} tokens; ${shown.units.length} of ${result.layers} × `
    + `${result.units_per_layer} units` + (result.is_cut ? "; the colors show the beginning of the text" : "");
  find("gates").tBodies[0].replaceChildren(...result.gates.map((gate) => element("tr", [
    element("td", String(gate.layer)), element("td", gate.gate), element("td", percent(gate.shut)),
    element("td", percent(gate.open)),
  ])));
  find("gate-part").hidden = result.gates.length === 0;
  found.replaceChildren();
  choose(Math.max(0, shown.units.findIndex(({ name }) => name === wanted)));
  showTrackers();
};

/** The numbers of the cells that are the example: those of what was typed, else those that are marked. */
const chosenCells = () => {
  const typed = example.value, chosen = [];
  if (typed) {
    const isIn = new Uint8Array(shown.text.length);
    for (let at = shown.text.indexOf(typed); at >= 0; at = shown.text.indexOf(typed, at + 1)) isIn.fill(1, at, at + typed.length);
    starts.forEach((start, number) => { if (isIn[start]) chosen.push(number); });
    return chosen;
  }
  const selection = getSelection();
  if (selection.isCollapsed || !field.contains(selection.anchorNode)) return chosen;
  cells.forEach((cell, number) => { if (selection.containsNode(cell, true)) chosen.push(number); });
  return chosen;
};

/** Lists the units that are most unlike themselves there. */
const search = () => {
  const chosen = shown ? chosenCells() : [];
  if (chosen.length === 0) {
    found.textContent = example.value ? "The text does not have it." : "Mark a passage first, or type what to look for.";
    return;
  }
  const isChosen = new Uint8Array(cells.length);
  for (const number of chosen) isChosen[number] = 1;
  const rest = Math.max(1, cells.length - chosen.length);
  const ranked = shown.units.map((_, place) => {
    let [inside, outside, squares] = [0, 0, 0];
    for (let number = 0; number < cells.length; number += 1) {
      const value = activation(number, place);
      squares += value * value;
      if (isChosen[number]) inside += value; else outside += value;
    }
    const mean = (inside + outside) / cells.length;
    const deviation = Math.sqrt(Math.max(squares / cells.length - mean * mean, 1e-9));
    return { place, value: (inside / chosen.length - outside / rest) / deviation };
  }).sort((a, b) => Math.abs(b.value) - Math.abs(a.value)).slice(0, 6);
  choose(ranked[0].place);
  found.replaceChildren("Standard deviations from the rest of the text: ",
    ...ranked.map(({ place, value }) => button(place, value)));
};

const read = async () => {
  running?.abort();
  const controller = running = new AbortController();
  problem("");
  if ([...text.value].length < 2) {
    shown = null;
    return field.replaceChildren();
  }
  try {
    const body = { model: modelName.value, text: text.value, on_unknown: "skip" };
    show(await api.json("/api/neurons", body, controller.signal));
  } catch (error) {
    if (error.name !== "AbortError") problem(error.message);
  }
};

/** What a link holds of this. */
export const parameters = () => (text.value ? { units: text.value } : {});

/** Takes what a link holds. */
export const restore = (given) => { text.value = given.get("units") ?? ""; };

/** Reads again, as after a change of the model, where this tab is shown. */
export const refresh = () => { if (text.value && !find("neurons").hidden) read(); };

/** Lets the tab answer. */
export const begin = (changed) => {
  const soon = later(400, read);
  text.addEventListener("input", () => { changed(); soon(); });
  menu.addEventListener("change", () => choose(Number(menu.value)));
  field.addEventListener("pointerover", (event) => {
    const number = cells.indexOf(event.target);
    if (number >= 0) event.target.title = visible(event.target.textContent) + " " + signed(activation(number, unit));
  });
  // Pressing the button leaves what is marked.
  find("unit-find").addEventListener("mousedown", (event) => event.preventDefault());
  find("unit-find").addEventListener("click", search);
  example.addEventListener("keydown", (event) => { if (event.key === "Enter") search(); });
};
