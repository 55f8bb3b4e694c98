// What is known of the model, and its tokens.
import * as api from "./api.js";
import { element, later, problem, visible } from "./text.js";

const find = (id) => document.getElementById(id);
const modelName = find("model-name"), filter = find("find-token");
const most = 500;

let shown = "";
let tokens = [];

const count = (number) => number.toLocaleString("en");

const facts = (info) => {
  const { settings, training } = info;
  const rows = [
    ["kind", info.kind + ", " + count(info.parameters) + " parameters, " + count(info.file_bytes) + " bytes"],
    ["network", `${settings.layers} × ${settings.hidden} ${settings.cell}, embedding ${settings.embedding}`],
    ["made", info.created],
    ["tokens", count(tokens.length) + ", each a " + info.text.unit],
    ["training", count(training.steps ?? 0) + " steps" + (training.best_valid_nats
      ? ", validation loss " + training.best_valid_nats.toFixed(4) + " nats per token" : "")],
    ["corpus", (training.corpus?.files ?? []).map((file) => file.name ?? file.path ?? "").filter(Boolean).join(", ")],
  ];
  const body = element("tbody", rows.filter(([, text]) => text).map(([name, text]) =>
    element("tr", [element("th", name, { scope: "row" }), element("td", text, { dir: "auto" })])));
  find("facts").replaceChildren(element("table", body));
};

const list = () => {
  const wanted = filter.value.trim().toUpperCase();
  const fits = (token) => !wanted || token.text.toUpperCase().includes(wanted)
    || token.names.some((name) => name.includes(wanted)) || token.code_points.includes(wanted);
  const found = tokens.filter(fits);
  find("token-count").textContent = found.length > most
    ? `the first ${most} of ${count(found.length)}` : count(found.length) + " of " + count(tokens.length);
  find("tokens").tBodies[0].replaceChildren(...found.slice(0, most).map((token) => element("tr", [
    element("td", element("bdi", token.special ? "<" + token.special + ">" : visible(token.text))),
    element("td", token.code_points.join(" ")), element("td", token.names.join(", ").toLowerCase()),
  ])));
};

/** Shows the chosen model. */
export const refresh = async () => {
  const name = modelName.value;
  if (shown === name) return;
  try {
    const query = "?model=" + encodeURIComponent(name);
    const [info, vocabulary] = await Promise.all([api.json("/api/info" + query), api.json("/api/vocabulary" + query)]);
    shown = name;
    tokens = vocabulary.tokens;
    facts(info);
    list();
  } catch (error) { problem(error.message); }
};

/** Lets the tab answer. */
export const begin = () => filter.addEventListener("input", later(100, list));
