// What the model writes: texts side by side, character by character, each with what else could have come.
import { element, percent } from "./text.js";

/** One of the texts that are being written. */
export class Sample {
  #spans = [];
  #bytes = [];
  #decoder = new TextDecoder("utf-8");
  #text = "";
  #written;
  #label;

  /** `choose(before, place)` is called with a character that is pointed at; `take(text)` takes the text up to one. */
  constructor(name, direction, choose, take) {
    this.#label = element("span", name);
    this.name = name;
    this.#written = element("div", "", { class: "written", dir: direction });
    const button = element("button", "Take it", { onclick: () => take(this.text) });
    this.box = element("article", [element("header", [this.#label, button]), this.#written], {
      class: "sample", "aria-label": name,
    });
    const find = (event) => this.#spans.findIndex(({ span }) => span === event.target);
    this.#written.addEventListener("pointerover", (event) => {
      const place = find(event);
      if (place >= 0) this.#point(place, choose);
    });
    this.#written.addEventListener("click", (event) => {
      const place = find(event);
      if (place >= 0 && !String(getSelection())) take(this.#before(place + 1));
    });
  }

  /** All of the text. */
  get text() { return this.#spans.map(({ text }) => text).join(""); }

  #before(place) { return this.#spans.slice(0, place).map(({ text }) => text).join(""); }

  #point(place, choose) {
    for (const { span } of this.#spans) span.classList.remove("at");
    this.#spans[place].span.classList.add("at");
    choose(this.#before(place), this.#spans[place].token);
  }

  /** Takes a piece that has come. Returns the first token's candidates, if this is the first. */
  add(piece) {
    const isFirst = this.#spans.length === 0;
    this.#text += piece.text;
    for (const token of piece.logprobs?.content ?? []) {
      // Half a character waits for its other half.
      const text = token.special ? (token.special === "document" ? "\n" : "")
        : this.#decoder.decode(new Uint8Array(token.bytes), { stream: true });
      const span = element("span", text, { class: "new", title: percent(Math.exp(token.logprob)) });
      this.#spans.push({ span, text, token });
      this.#written.append(span);
    }
    if (piece.end) this.#end(piece.end);
    return isFirst ? this.#spans[0]?.token : undefined;
  }

  #end(reason) {
    // A stop text was drawn, but is no part of the text.
    let extra = reason === "stop" ? this.text.length - this.#text.length : 0;
    while (extra > 0 && this.#spans.length > 0) {
      const last = this.#spans.pop();
      extra -= last.text.length;
      last.span.remove();
      if (extra < 0) this.#written.append(last.text.slice(0, -extra));
    }
    const reasons = { length: "", stop: " · stopped", time: " · out of time", shape: "", none: " · none came; try a longer one" };
    this.#label.textContent = this.name + reasons[reason];
  }
}
