// The shape that a text must have: an expression, a grammar, whole documents.

const find = (id) => document.getElementById(id);
const kind = find("shape"), match = find("shape-match"), grammar = find("shape-grammar"), documents = find("shape-documents");
const inputs = { match, grammar, documents };

const show = () => {
  for (const [name, input] of Object.entries(inputs)) {
    input.hidden = find(input.id + "-label").hidden = kind.value !== name;
  }
  // Such a text ends by itself.
  find("stop-text").disabled = ["match", "grammar", "json"].includes(kind.value);
};

/** The shape as fields of a request; none for any text. */
export const fields = () => {
  if (kind.value === "match" && match.value) return { match: match.value };
  if (kind.value === "grammar" && grammar.value) return { grammar: grammar.value };
  if (kind.value === "json") return { grammar: "json", length: 2000 };
  if (kind.value === "documents") return { documents: Math.min(100, Math.max(1, Math.round(Number(documents.value)) || 1)) };
  return {};
};

/** Offers whole documents where the model knows them. */
export const offer = (knowsDocuments) => {
  find("shape-of-documents").hidden = find("shape-of-documents").disabled = !knowsDocuments;
  if (!knowsDocuments && kind.value === "documents") kind.value = "";
  show();
};

/** What a link holds of this. */
export const parameters = () => ({
  ...(kind.value ? { shape: kind.value } : {}), ...(match.value ? { match: match.value } : {}),
  ...(grammar.value ? { grammar: grammar.value } : {}), ...(documents.value === "5" ? {} : { documents: documents.value }),
});

/** Takes what a link holds. */
export const restore = (given) => {
  kind.value = [...kind.options].some(({ value }) => value === given.get("shape")) ? given.get("shape") : "";
  match.value = given.get("match") ?? "";
  grammar.value = given.get("grammar") ?? "";
  documents.value = given.get("documents") ?? "5";
  show();
};

/** Lets the inputs answer. `changed` is called after each change. */
export const begin = (changed) => {
  for (const input of [kind, match, grammar, documents]) input.addEventListener("input", () => { show(); changed(); });
};
