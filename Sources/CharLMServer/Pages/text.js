// Pieces of the page. Whatever a model or a user writes goes in as text, never as HTML.

/** An element with text or others in it. */
export const element = (name, content = "", attributes = {}) => {
  const made = document.createElement(name);
  made.append(...[content].flat());
  for (const [key, value] of Object.entries(attributes)) {
    if (key.startsWith("on")) made.addEventListener(key.slice(2), value); else made.setAttribute(key, value);
  }
  return made;
};

const names = { " ": "␣", "\n": "↵", "\t": "⇥", "\r": "␍", "\u00a0": "⍽", "": "␄" };

/** A token that can be seen. */
export const visible = (text) => names[text]
  ?? [...text].map((c) => names[c] && c !== " " ? names[c]
    : /\p{M}/u.test(c) && text.length === c.length ? "◌" + c
      : /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u.test(c) ? "U+" + c.codePointAt(0).toString(16).toUpperCase().padStart(4, "0") : c)
    .join("");

const words = { " ": "space", "\n": "line break", "\t": "tab", "": "end of the document" };

/** A token for who hears the page. */
export const spoken = (text) => words[text] ?? text;

export const percent = (part) =>
  part >= 0.9995 ? "100 %" : part < 0.001 ? "<0.1 %" : (part * 100).toFixed(part < 0.1 ? 1 : 0) + " %";

/** Calls `body` once it was not called for some milliseconds. */
export const later = (milliseconds, body) => {
  let timer = 0;
  return () => { clearTimeout(timer); timer = setTimeout(body, milliseconds); };
};

/** Shows what is wrong; nothing for "". */
export const problem = (message) => {
  const line = document.getElementById("problem");
  line.hidden = !message;
  line.textContent = message;
};
