extension ComparePage {
  /// Rules beside the common ones: blue where the first is better, orange where the second is.
  static let style = ColoredTextParts.style + "\n" + ColoredTextParts.signedStyle

  /// Colors the text by the difference.
  static let script =
    ColoredTextParts.buildScript + "\n" + ColoredTextParts.signedScript + "\n" + #"""
      const differences = unpacked(data.differences);
      const unscored = 255, limit = 127 / data.units_of_bit;
      const difference = (number) => (differences[number] - 127) / data.units_of_bit;
      build((cell, number, piece) => {
        const name = differences[number] === unscored ? "none" : signedClass(difference(number), [0.25, 0.5, 1, 2, 4, 7]);
        cell.textContent = isLineEnd(piece) ? (name === "" ? "" : "\u21b5") : visible(piece);
        cell.className = name;
      });
      const isNotable = (number) => differences[number] !== unscored && Math.abs(difference(number)) >= 4;
      const describe = (number) => {
        if (differences[number] === unscored) return " is not compared";
        const value = difference(number);
        const amount = (Math.abs(value) >= limit ? "at least " : "") + Math.abs(value).toFixed(1) + " bits";
        return Math.abs(value) < 0.05 ? ": no difference"
          : ": \u2068" + data.names[value > 0 ? 1 : 0] + "\u2069 takes " + amount + " fewer";
      };
      """# + "\n" + ColoredTextParts.chooseScript
}
