extension ScorePage {
  /// Rules beside the common ones. Each color of the heat map has a contrast of 4.5 to 1 or more with its letters.
  static let style =
    ColoredTextParts.style + "\n" + """
      .l1 { background: #fff3c4 } .l2 { background: #ffe08a } .l3 { background: #ffc35c } .l4 { background: #ff9d4d }
      .l5 { background: #f4774f } .l6 { background: #c81e2c; color: #ffffff }
      @media (prefers-color-scheme: dark) {
        .l1 { background: #3a3420 } .l2 { background: #544416 } .l3 { background: #6d4a0d } .l4 { background: #8a4708 }
        .l5 { background: #a63a18 } .l6 { background: #c2222e; color: #ffffff }
      }
      """

  /// Colors the text, and says what was expected.
  static let script =
    ColoredTextParts.buildScript + "\n" + #"""
      const bits = unpacked(data.bits), guesses = unpacked(data.guesses);
      const unscored = 255;
      const thresholds = [1, 2, 4, 6, 9, 13].map((bits) => bits * data.units_of_bit);
      const level = (code) => code === unscored ? 0 : thresholds.filter((least) => code >= least).length;
      // Where the guesses of each cell begin.
      const guessStarts = new Int32Array(lengths.length).fill(-1);
      let guessCount = 0;
      build((cell, number, piece) => {
        const code = bits[number];
        if (code !== unscored && code >= data.least_with_guesses) {
          guessStarts[number] = guessCount;
          guessCount += 3 * data.guess_count;
        }
        cell.textContent = isLineEnd(piece) ? (level(code) > 0 ? "\u21b5" : "") : visible(piece);
        if (code === unscored) cell.className = "none"; else if (level(code) > 0) cell.className = "l" + level(code);
      });

      const percent = (part) => part >= 0.995 ? "almost certain" : part < 0.005 ? "below 1 %"
        : Math.round(part * 100) + " %";
      const isNotable = (number) => level(bits[number]) >= 4;
      const describe = (number) => {
        const code = bits[number];
        if (code === unscored) return " was not predicted";
        const amount = code / data.units_of_bit;
        let text = ", " + (code === 254 ? "more than 31" : amount.toFixed(1)) + " bits";
        if (amount >= 1) text += " (1 in " + Math.round(2 ** amount).toLocaleString("en") + ")";
        if (guessStarts[number] < 0) return text + ": as expected";
        const list = [];
        for (let place = 0; place < data.guess_count; place += 1) {
          const at = guessStarts[number] + 3 * place, token = guesses[at] + 256 * guesses[at + 1];
          if (token === data.no_token) continue;
          list.push("\u2068" + data.tokens[token] + "\u2069 " + percent(guesses[at + 2] / 255));
        }
        return text + "; expected " + list.join(", ");
      };
      """# + "\n" + ColoredTextParts.chooseScript
}
