// Trains models from the page: a form that begins a run, and what stops and resumes one.
import * as api from "./api.js";
import { element, problem } from "./text.js";

const find = (id) => document.getElementById(id);
const form = find("new-run"), corpus = find("new-corpus"), name = find("new-name"), start = find("new-start");
const numbers = ["layers", "hidden", "dropout", "batch", "learning_rate"];

let isAllowed = false;
let told = () => {};

/** A name that no run has, after the corpus. */
const freeName = (taken) => {
  const stem = corpus.value.replace(/\.[^.]*$/, "").replace(/[^\p{L}\p{N}_]+/gu, "-").replace(/^-+/, "") || "run";
  let number = 1;
  while (taken.includes(number === 1 ? stem : stem + "-" + number)) number += 1;
  return number === 1 ? stem : stem + "-" + number;
};

const body = () => {
  const fields = { name: name.value, corpus: corpus.value, cell: find("new-cell").value };
  const length = Number(find("new-length").value), unit = find("new-length-unit").value;
  if (find("new-length").value) fields[unit === "minutes" ? "budget" : unit] = unit === "minutes" ? 60 * length : length;
  for (const number of numbers) {
    const { value } = find("new-" + number);
    if (value) fields[number] = Number(value);
  }
  if (find("new-separator").value) fields.document_separator = JSON.parse('"' + find("new-separator").value + '"');
  return fields;
};

const ask = async (path, fields, status) => {
  problem("");
  find("new-status").textContent = status;
  try {
    const run = await api.json(path, fields);
    await told(run.name);
  } catch (error) { problem(error.message); }
  find("new-status").textContent = "";
};

/** The buttons of a run in the list: what can be done with it. */
export const buttons = ({ name: run, is_training: isTraining, has_state: hasState }, runs) => {
  if (!isAllowed) return [];
  if (isTraining) {
    return [element("button", "Stop", { "aria-label": "Stop " + run,
      onclick: () => ask("/api/runs/stop", { run }, "stopping and saving …") })];
  }
  return hasState && !runs.some((other) => other.is_training) ? [element("button", "Resume", {
    "aria-label": "Resume " + run, onclick: () => ask("/api/runs/resume", { run }, "reading the text …"),
  })] : [];
};

/** Suggests a name for the next run. */
export const suggest = (runs) => {
  start.disabled = runs.some((run) => run.is_training);
  const taken = runs.map((run) => run.name);
  if (!name.value || (name.dataset.suggested === name.value && taken.includes(name.value))) {
    name.value = name.dataset.suggested = freeName(taken);
  }
};

/** Lets the form answer; `changed(name)` is called after a run was begun, stopped or resumed. */
export const begin = async (changed) => {
  isAllowed = true;
  told = changed;
  form.hidden = false;
  const { corpora } = await api.json("/api/corpora");
  corpus.append(...corpora.map((text) => element("option", text, { value: text })));
  corpus.addEventListener("input", () => { name.value = ""; changed(); });
  find("new-form").addEventListener("submit", (event) => {
    event.preventDefault();
    let fields;
    try { fields = body(); } catch { return problem("what stands between documents is written as in JSON, such as \\n\\n"); }
    ask("/api/runs", fields, "reading the text …");
  });
};
