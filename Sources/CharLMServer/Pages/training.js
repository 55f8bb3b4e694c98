// Runs as they train: their curves in one picture, what they write, and the settings in which they differ.
import * as api from "./api.js";
import * as newRun from "./new-run.js";
import { element, problem } from "./text.js";

const find = (id) => document.getElementById(id);
const panel = find("training"), over = find("over"), curves = find("curves");
const mostRuns = 8;

let sizes = new Map();
let listed = "";
let chosen = [];
let tell = () => {};

/** The values of nested settings by their names, such as "training.batch". */
const flat = (value, name = "") => value !== null && typeof value === "object" && !Array.isArray(value)
  ? Object.entries(value).flatMap(([key, inner]) => flat(inner, name ? name + "." + key : key))
  : [[name, typeof value === "string" ? value : JSON.stringify(value)]];

const hidden = /^(event|time|created|step|machine|program|command|model|corpus\.files)/;

const showSettings = (runs) => {
  const all = runs.map(({ start }) => new Map(flat(start ?? {})));
  const names = [...new Set(all.flatMap((settings) => [...settings.keys()]))].filter((name) => !hidden.test(name));
  const differing = names.filter((name) => runs.length === 1 || new Set(all.map((settings) => settings.get(name))).size > 1);
  const table = find("run-settings");
  table.tHead.replaceChildren(element("tr", [element("th", "", { scope: "col" }),
    ...runs.map(({ name }) => element("th", name, { scope: "col" }))]));
  table.tBodies[0].replaceChildren(...differing.map((name) => element("tr", [
    element("th", name.replace(/^.*\./, "").replaceAll("_", " "), { scope: "row", title: name }),
    ...all.map((settings) => element("td", settings.get(name) ?? "")),
  ])));
};

const showSamples = (runs) => find("run-samples").replaceChildren(...runs.flatMap(({ name, samples }) =>
  samples.slice(runs.length > 1 ? -1 : -8).reverse().map((sample) => element("article", [
    element("span", (runs.length > 1 ? name + ", " : "") + "step " + sample.step, { class: "soft" }),
    element("pre", sample.text, { dir: "auto" }),
  ]))));

const state = ({ name, last, end }) => {
  if (end?.event === "failed") return name + ": failed, " + end.reason;
  const where = last ? "step " + last.step.toLocaleString("en") : "no figures yet";
  const best = last?.best_valid_nats ? ", best " + last.best_valid_nats.toFixed(3) : "";
  return name + ": " + where + best + (end ? ", " + (end.end ?? end.event).replaceAll("_", " ") : ", under way");
};

const draw = async () => {
  if (chosen.length === 0) {
    curves.hidden = true;
    find("no-curves").hidden = false;
    return;
  }
  const runs = await Promise.all(chosen.map((run) => api.json("/api/runs/read", { run })));
  showSettings(runs);
  showSamples(runs);
  find("run-status").textContent = runs.map(state).join("; ");
  try {
    const body = { runs: chosen, over: over.value, narrow: panel.clientWidth < 640 };
    const svg = await api.text("/api/runs/plot", body);
    curves.src = "data:image/svg+xml," + encodeURIComponent(svg);
    curves.alt = "Losses, learning rate and norms of gradients of " + chosen.join(", ");
    curves.hidden = false;
    find("no-curves").hidden = true;
  } catch (error) {
    if (error.status !== 400) throw error;
    curves.hidden = true;
    find("no-curves").hidden = false;
    find("no-curves").textContent = error.message;
  }
};

const list = (runs) => {
  const boxes = runs.map((run) => {
    const { name } = run;
    const box = element("input", "", { type: "checkbox", onchange: () => {
      chosen = box.checked ? [...chosen, name].slice(-mostRuns) : chosen.filter((other) => other !== name);
      tell();
      refresh(true);
    } });
    box.checked = chosen.includes(name);
    return element("div", [element("label", [box, " " + name], { class: "inline" }), ...newRun.buttons(run, runs)],
      { class: "run" });
  });
  find("runs").replaceChildren(...boxes);
  newRun.suggest(runs);
};

/** Looks whether the logs have grown, and shows them where they have. */
export const refresh = async (always = false) => {
  try {
    const { runs } = await api.json("/api/runs");
    const now = JSON.stringify(runs.map(({ name, is_training: isTraining, has_state: hasState }) => [name, isTraining, hasState]));
    if (now !== listed || always) list(runs);
    listed = now;
    const names = runs.map(({ name }) => name);
    if (chosen.length === 0 && runs.length > 0 && sizes.size === 0) { chosen = [names.at(-1)]; list(runs); always = true; }
    const isGrown = runs.some(({ name, bytes }) => chosen.includes(name) && sizes.get(name) !== bytes);
    sizes = new Map(runs.map(({ name, bytes }) => [name, bytes]));
    if (isGrown || always) await draw();
  } catch (error) { problem(error.message); }
};

/** What a link holds of this. */
export const parameters = () => ({
  ...(chosen.length ? { runs: chosen.join("\n") } : {}), ...(over.value === "steps" ? {} : { over: over.value }),
});

/** Takes what a link holds. */
export const restore = (given) => {
  chosen = given.get("runs")?.split("\n") ?? [];
  if ([...over.options].some(({ value }) => value === given.get("over"))) over.value = given.get("over");
};

/** Lets the tab answer. */
export const begin = (changed, allowsTraining) => {
  tell = changed;
  if (allowsTraining) {
    newRun.begin((name) => {
      if (name && !chosen.includes(name)) chosen = [...chosen, name].slice(-mostRuns);
      changed();
      return refresh(true);
    }).catch((error) => problem(error.message));
  }
  over.addEventListener("input", () => { changed(); refresh(true); });
  find("tab-training").hidden = false;
  setInterval(() => { if (!panel.hidden && !document.hidden) refresh(); }, 1500);
};
