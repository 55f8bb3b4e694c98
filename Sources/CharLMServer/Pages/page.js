// The tabs, the models, and the link that holds all of it.
import * as api from "./api.js";
import * as model from "./model.js";
import * as neurons from "./neurons.js";
import * as surprise from "./surprise.js";
import { element, later, problem } from "./text.js";
import * as training from "./training.js";
import * as write from "./write.js";

const find = (id) => document.getElementById(id);
const tabs = [...document.querySelectorAll("[role=tab]")];
const panel = (tab) => find(tab.getAttribute("aria-controls"));
const modelName = find("model-name"), otherModel = find("other-model");

const shown = () => tabs.find((tab) => tab.getAttribute("aria-selected") === "true");

/** The models that the server offers now: those that it was started with, and what was trained here. */
const fill = (models) => {
  const fillOne = (list, first) => {
    const chosen = list.value;
    list.replaceChildren(...first, ...models.map(({ name }) => element("option", name, { value: name })));
    if ([...list.options].some(({ value }) => value === chosen)) list.value = chosen;
  };
  fillOne(modelName, []);
  fillOne(otherModel, [element("option", "no other model", { value: "" })]);
};

/** Asks for the models again, of which more may have been trained. */
const refill = async () => {
  const before = modelName.value;
  try {
    const { models } = await api.json("/api/models");
    fill(models);
    write.takeModels(models);
  } catch { return; }
  if (modelName.value !== before) modelName.dispatchEvent(new Event("input"));
};

const show = (tab) => {
  for (const other of tabs) {
    other.setAttribute("aria-selected", String(other === tab));
    other.tabIndex = other === tab ? 0 : -1;
    panel(other).hidden = other !== tab;
  }
  if (tab.id === "tab-model") model.refresh();
  if (tab.id === "tab-neurons") neurons.refresh();
  if (tab.id === "tab-training") training.refresh(true);
};

const save = () => {
  const parameters = new URLSearchParams({
    ...(shown().id === "tab-write" ? {} : { tab: panel(shown()).id }),
    ...(modelName.selectedIndex > 0 ? { model: modelName.value } : {}), ...write.parameters(), ...surprise.parameters(),
    ...neurons.parameters(), ...training.parameters(),
  });
  history.replaceState(null, "", "#" + parameters);
};

const restore = () => {
  const given = new URLSearchParams(location.hash.slice(1));
  if (given.has("token")) { api.keepToken(given.get("token")); given.delete("token"); }
  if ([...modelName.options].some(({ value }) => value === given.get("model"))) modelName.value = given.get("model");
  write.restore(given);
  surprise.restore(given);
  neurons.restore(given);
  training.restore(given);
  show(tabs.find((tab) => panel(tab).id === given.get("tab")) ?? tabs[0]);
  save();
};

const start = async () => {
  // The token is needed before anything can be asked for.
  const token = new URLSearchParams(location.hash.slice(1)).get("token");
  if (token) api.keepToken(token);
  let offer;
  try {
    offer = await api.json("/api/models");
    fill(offer.models);
  } catch (error) {
    return problem(error.status === 401 ? "This server asks for a token: open the address that it printed." : error.message);
  }
  const changed = later(200, save);
  write.begin(changed, offer.models);
  surprise.begin(changed);
  neurons.begin(changed);
  model.begin();
  if (offer.shows_runs) training.begin(changed, offer.allows_training);
  restore();
  modelName.addEventListener("input", () => { changed(); surprise.refresh(); neurons.refresh(); if (!find("model").hidden) model.refresh(); });
  const leave = () => { if (offer.allows_training && shown().id === "tab-training") refill(); };
  for (const tab of tabs) {
    tab.addEventListener("click", () => { leave(); show(tab); changed(); });
    tab.addEventListener("keydown", ({ key }) => {
      const step = { ArrowRight: 1, ArrowLeft: -1 }[key];
      if (!step) return;
      const there = tabs.filter(({ hidden }) => !hidden);
      leave();
      const next = there[(there.indexOf(tab) + step + there.length) % there.length];
      show(next);
      next.focus();
      changed();
    });
  }
  window.addEventListener("hashchange", () => { restore(); write.go(); surprise.refresh(); neurons.refresh(); });
  write.go();
  surprise.refresh();
};

if (matchMedia("(max-width: 52rem)").matches) find("settings").open = false;
start();
