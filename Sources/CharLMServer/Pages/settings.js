// The sliders, and what of the page a link holds.
import { element } from "./text.js";

// `off` is the value at which a setting is left out. The names are those of the interface.
const sliders = [
  { name: "temperature", label: "Temperature", min: 0, max: 2, step: 0.05, usual: 0.6 },
  { name: "word_temperature", label: "… inside words", min: 0, max: 2, step: 0.05, usual: 0, off: 0 },
  { name: "min_p", label: "Min-p", min: 0, max: 0.5, step: 0.01, usual: 0, off: 0 },
  { name: "top_p", label: "Top-p", min: 0.05, max: 1, step: 0.05, usual: 1, off: 1 },
  { name: "top_k", label: "Top-k", min: 0, max: 50, step: 1, usual: 0, off: 0 },
  { name: "typical_p", label: "Typical-p", min: 0.05, max: 1, step: 0.05, usual: 1, off: 1 },
  { name: "repeat_penalty", label: "Repeat penalty", min: 1, max: 2, step: 0.05, usual: 1, off: 1 },
  { name: "dry", label: "Dry", min: 0, max: 5, step: 0.1, usual: 0, off: 0 },
  { name: "length", label: "Length", min: 20, max: 2000, step: 20, usual: 200 },
  { name: "count", label: "Texts", min: 1, max: 6, step: 1, usual: 1 },
];

const values = Object.fromEntries(sliders.map(({ name, usual }) => [name, usual]));
const inputs = {};

const show = ({ name, off }) => {
  const { input, output } = inputs[name];
  input.value = values[name];
  output.textContent = values[name] === off ? "off" : values[name];
  input.setAttribute("aria-valuetext", output.textContent);
};

/** Makes the sliders. `changed` is called after each change. */
export const build = (changed) => {
  const place = document.getElementById("sliders");
  for (const slider of sliders) {
    const { name, label, min, max, step } = slider;
    const output = element("output");
    const input = element("input", "", {
      type: "range", id: "set-" + name, min, max, step,
      oninput: () => { values[name] = Number(input.value); show(slider); changed(); },
    });
    inputs[name] = { input, output };
    place.append(element("label", [label, output], { for: "set-" + name }), input);
    show(slider);
  }
};

/** The settings as fields of a request, those that are off left out. */
export const fields = () => Object.fromEntries(
  sliders.filter(({ name, off }) => values[name] !== off).map(({ name }) => [name, values[name]]));

/** The settings that are not the usual ones, for a link. */
export const unusual = () => Object.fromEntries(
  sliders.filter(({ name, usual }) => values[name] !== usual).map(({ name }) => [name, String(values[name])]));

/** Takes settings from a link; those that it does not name become the usual ones. */
export const restore = (parameters) => {
  for (const slider of sliders) {
    const { name, min, max, usual } = slider;
    const given = parameters.has(name) ? Number(parameters.get(name)) : usual;
    values[name] = Number.isFinite(given) ? Math.min(max, Math.max(min, given)) : usual;
    show(slider);
  }
};
