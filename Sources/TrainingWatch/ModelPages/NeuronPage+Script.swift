extension NeuronPage {
  /// Rules beside the common ones: orange for positive activations, blue for negative ones.
  static let style =
    ColoredTextParts.style + "\n" + ColoredTextParts.signedStyle + "\n" + """
      button, select, input { font: inherit; font-size: .88rem; color: var(--ink); background: var(--panel);
        border: 1px solid var(--line); border-radius: .4rem; padding: .2rem .55rem; margin: .1rem 0; max-width: 100% }
      button { cursor: pointer }
      button[aria-pressed="true"] { border-color: var(--accent); box-shadow: 0 0 0 1px var(--accent) }
      .trackers th { white-space: nowrap; padding-left: 0 }
      @media (max-width: 40rem) { .trackers th { white-space: normal; width: 6.5rem } }
      #about { min-height: 3rem; color: var(--soft); font-size: .9rem; margin-bottom: .5rem }
      """

  /// Colors the text by a unit, and answers what is chosen.
  static let script =
    ColoredTextParts.buildScript + "\n" + ColoredTextParts.signedScript + "\n" + #"""
      const activations = unpacked(data.activations);
      const unitCount = data.units.length;
      const names = Array.from({ length: 256 },
        (_, code) => signedClass((code - 127) / 127, [0.1, 0.25, 0.4, 0.55, 0.7, 0.85]));
      build((cell, number, piece) => { cell.textContent = isLineEnd(piece) ? "\u21b5" : visible(piece); });

      const menu = document.getElementById("unit"), about = document.getElementById("about");
      let shown = 0;
      const show = (unit) => {
        shown = unit;
        for (let number = 0; number < cells.length; number += 1) {
          cells[number].className = names[activations[number * unitCount + unit]];
        }
        menu.value = String(unit);
        for (const button of document.querySelectorAll("[data-unit]")) {
          button.setAttribute("aria-pressed", String(Number(button.dataset.unit) === unit));
        }
        const { name, correlations, notes } = data.units[unit];
        const ranked = correlations.map((correlation, place) => [data.quantities[place], correlation])
          .sort((a, b) => Math.abs(b[1]) - Math.abs(a[1])).slice(0, 3);
        about.textContent = name + ": " + ranked.map(([quantity, correlation]) => quantity + " " + signed(correlation))
          .join(", ") + (notes.length > 0 ? "; " + notes.join("; ") : "");
      };
      document.addEventListener("click", (event) => {
        const button = event.target.closest ? event.target.closest("[data-unit]") : null;
        if (button) show(Number(button.dataset.unit));
      });
      menu.addEventListener("change", () => show(Number(menu.value)));
      field.addEventListener("pointerover", (event) => {
        const number = event.target.number;
        if (number === undefined) return;
        event.target.title = ((activations[number * unitCount + shown] - 127) / 127).toFixed(2);
      });

      // The numbers of the cells that are the example: those of the words that were typed, else those that are marked.
      const example = (typed) => {
        const chosen = [];
        if (typed !== "") {
          const isIn = new Uint8Array(data.text.length);
          for (let at = data.text.indexOf(typed); at >= 0; at = data.text.indexOf(typed, at + 1)) {
            isIn.fill(1, at, at + typed.length);
          }
          starts.forEach((start, number) => { if (isIn[start]) chosen.push(number); });
          return chosen;
        }
        const selection = getSelection();
        if (selection.isCollapsed || !field.contains(selection.anchorNode)) return chosen;
        cells.forEach((cell, number) => { if (selection.containsNode(cell, true)) chosen.push(number); });
        return chosen;
      };
      const find = () => {
        const found = document.getElementById("found"), typed = document.getElementById("example").value;
        const chosen = example(typed);
        found.replaceChildren();
        if (chosen.length === 0) {
          found.textContent = typed === "" ? "Mark a passage first, or type what to look for." : "The text does not have it.";
          return;
        }
        const isChosen = new Uint8Array(cells.length);
        for (const number of chosen) isChosen[number] = 1;
        const distinct = data.units.map((unit, place) => {
          let inside = 0, outside = 0, squares = 0;
          for (let number = 0; number < cells.length; number += 1) {
            const value = (activations[number * unitCount + place] - 127) / 127;
            squares += value * value;
            if (isChosen[number]) inside += value; else outside += value;
          }
          const mean = (inside + outside) / cells.length;
          const deviation = Math.sqrt(Math.max(squares / cells.length - mean * mean, 1e-9));
          const rest = cells.length - chosen.length;
          return { place, name: unit.name, difference: (inside / chosen.length - (rest > 0 ? outside / rest : 0)) / deviation };
        }).sort((a, b) => Math.abs(b.difference) - Math.abs(a.difference)).slice(0, 6);
        found.append("Standard deviations from the rest of the text: ");
        for (const { place, name, difference } of distinct) {
          const button = document.createElement("button");
          button.type = "button";
          button.dataset.unit = String(place);
          button.textContent = name + ": " + signed(difference);
          found.append(button, " ");
        }
        show(distinct[0].place);
      };
      // Pressing the button leaves what is marked.
      document.getElementById("find").addEventListener("mousedown", (event) => event.preventDefault());
      document.getElementById("find").addEventListener("click", find);
      document.getElementById("example").addEventListener("keydown", (event) => { if (event.key === "Enter") find(); });
      if (unitCount > 0) show(0);
      """#
}
