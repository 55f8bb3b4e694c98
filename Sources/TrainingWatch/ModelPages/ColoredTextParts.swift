/// What the pages with a colored text have in common.
enum ColoredTextParts {
  /// Rules for the text, its lines, the legend and the panel below it.
  static let style = """
    #text { font-family: ui-monospace, "SF Mono", Menlo, Consolas, "Noto Sans Mono", monospace; font-size: .9rem;
      line-height: 1.7; max-height: 75vh; overflow: auto; background: var(--panel); border-radius: .6rem;
      padding: .9rem .8rem }
    #text:focus { outline: 2px solid var(--accent) }
    .line { white-space: pre-wrap; overflow-wrap: anywhere; min-height: 1.7em; content-visibility: auto;
      contain-intrinsic-size: auto 1.7em; text-align: start; position: relative; padding-left: 3.4rem }
    .line:target { outline: 1px dashed var(--accent) }
    .line::before { content: attr(data-line); position: absolute; left: 0; width: 2.6rem; text-align: right;
      color: var(--soft); font-size: .75rem; direction: ltr; unicode-bidi: isolate }
    .legend { display: flex; flex-wrap: wrap; gap: .3rem; margin: .5rem 0 }
    .swatch { padding: .1rem .6rem; border-radius: .3rem; border: 1px solid var(--line); font-size: .82rem;
      overflow-wrap: anywhere }
    .numbers td { overflow-wrap: break-word }
    .none { opacity: .55 }
    .at { outline: 2px solid var(--accent); outline-offset: -1px; border-radius: 2px }
    #panel { position: sticky; bottom: 0; background: var(--ground); border: 1px solid var(--line);
      border-radius: .6rem; padding: .5rem .9rem; margin-top: .5rem; min-height: 2.6rem; font-size: .92rem }
    @media (max-width: 40rem) { #text { padding: .6rem .4rem } .line { padding-left: 2.4rem }
      .line::before { width: 1.9rem } }
    """

  /// Colors of values on both sides of zero: orange above it, blue below.
  static let signedStyle = """
    .p1 { background: rgb(226 104 28 / .13) } .p2 { background: rgb(226 104 28 / .26) }
    .p3 { background: rgb(226 104 28 / .38) } .p4 { background: rgb(226 104 28 / .5) }
    .p5 { background: rgb(226 104 28 / .6) } .p6 { background: rgb(226 104 28 / .7) }
    .m1 { background: rgb(58 134 226 / .13) } .m2 { background: rgb(58 134 226 / .26) }
    .m3 { background: rgb(58 134 226 / .38) } .m4 { background: rgb(58 134 226 / .5) }
    .m5 { background: rgb(58 134 226 / .6) } .m6 { background: rgb(58 134 226 / .7) }
    """

  /// The class of a value's color, by six thresholds.
  static let signedScript = #"""
    const signedClass = (value, thresholds) => {
      const level = thresholds.filter((least) => Math.abs(value) >= least).length;
      return level === 0 ? "" : (value > 0 ? "p" : "m") + level;
    };
    const signed = (value) => (value < 0 ? "\u2212" : "") + Math.abs(value).toFixed(2);
    """#

  /// Reads the page's data and builds the lines of the text from cells. `decorate(cell, number, piece)` gives each what
  /// it shows.
  static let buildScript = #"""
    "use strict";
    const data = JSON.parse(document.getElementById("data").textContent);
    const unpacked = (text) => Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
    const lengths = unpacked(data.lengths);
    const visible = (text) => text.replace(/[\u0000-\u0008\u000b-\u001f\u007f]/g,
      (letter) => letter === "\u007f" ? "\u2421" : String.fromCharCode(0x2400 + letter.charCodeAt(0)));
    const isLineEnd = (piece) => piece.endsWith("\n");
    const field = document.getElementById("text");
    const cells = [], starts = [];
    let lineCount = 0;
    const build = (decorate) => {
      const fragment = document.createDocumentFragment();
      let line = null;
      const beginLine = () => {
        lineCount += 1;
        line = document.createElement("div");
        line.className = "line";
        line.dir = "auto";
        line.id = "L" + lineCount;
        line.dataset.line = lineCount;
        fragment.append(line);
      };
      beginLine();
      for (let number = 0, start = 0; number < lengths.length; number += 1) {
        const piece = data.text.substr(start, lengths[number]);
        starts.push(start);
        start += lengths[number];
        const cell = document.createElement("span");
        cell.number = number;
        cell.lineNumber = lineCount;
        cell.piece = piece;
        decorate(cell, number, piece);
        cells.push(cell);
        line.append(cell);
        // Text that the model does not know is one cell, and may have several lines.
        for (const letter of piece) if (letter === "\n") beginLine();
      }
      field.append(fragment);
      if (location.hash) document.getElementById(location.hash.slice(1))?.scrollIntoView();
    };
    """#

  /// Lets the pointer and the arrow keys choose a cell, of which the panel then tells what `describe(number)` says.
  /// `isNotable(number)` says where the keys n and p stop.
  static let chooseScript = #"""
    const panel = document.getElementById("panel");
    const named = (piece) => piece === " " ? "space" : isLineEnd(piece) ? "line end"
      : "\u2068" + visible(piece) + "\u2069";
    let chosen = -1;
    const choose = (number, isScrolled) => {
      if (number < 0 || number >= cells.length) return;
      if (chosen >= 0) cells[chosen].classList.remove("at");
      chosen = number;
      cells[number].classList.add("at");
      if (isScrolled) cells[number].scrollIntoView({ block: "nearest" });
      panel.textContent = "line " + cells[number].lineNumber + ": " + named(cells[number].piece) + describe(number);
    };
    for (const kind of ["pointerover", "click"]) {
      field.addEventListener(kind, (event) => {
        if (event.target.number !== undefined) choose(event.target.number, false);
      });
    }
    const step = (from, by) => {
      for (let number = from + by; number >= 0 && number < cells.length; number += by) {
        if (isNotable(number)) return number;
      }
      return from;
    };
    field.addEventListener("keydown", (event) => {
      if (event.ctrlKey || event.metaKey || event.altKey) return;
      const isLeft = chosen >= 0 && getComputedStyle(cells[chosen].parentNode).direction === "rtl";
      const at = chosen >= 0 ? cells[chosen].lineNumber : 0;
      const first = (wanted) => Math.max(0, cells.findIndex((cell) => cell.lineNumber >= wanted));
      const moves = {
        ArrowRight: () => chosen + (isLeft ? -1 : 1), ArrowLeft: () => chosen + (isLeft ? 1 : -1),
        ArrowDown: () => at >= lineCount ? chosen : first(at + 1), ArrowUp: () => first(at - 1),
        Home: () => 0, End: () => cells.length - 1, n: () => step(chosen, 1), p: () => step(chosen, -1),
      };
      if (!moves[event.key]) return;
      event.preventDefault();
      choose(moves[event.key](), true);
    });
    """#
}
