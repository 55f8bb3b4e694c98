/// How alike two words are, for "did you mean …?".
enum Likeness {
  /// The candidate that is most like a word; nil where none is like it.
  /// - Parameter key: a candidate as the word that it is compared by.
  static func best<Candidate>(for word: String, in candidates: [Candidate], key: (Candidate) -> String) -> Candidate? {
    let scored = candidates.compactMap { candidate in
      distance(from: plain(word), to: plain(key(candidate))).map { (candidate, $0) }
    }
    return scored.min { $0.1 < $1.1 }?.0
  }

  /// Words are compared without case, hyphens and underscores.
  static func plain(_ word: String) -> String { word.lowercased().filter { $0 != "-" && $0 != "_" } }

  /// How far apart two words are; nil where they are too far apart to be taken for each other.
  private static func distance(from word: String, to other: String) -> Double? {
    guard word.count > 1, !other.isEmpty, max(word.utf8.count, other.utf8.count) <= 256 else { return nil }
    // A word that was cut off, such as "len" for "length"; the shorter the rest, the likelier.
    if other.hasPrefix(word) { return 0.5 + 0.01 * Double(other.count - word.count) }
    if word.count > 2, other.hasSuffix(word) { return 0.8 + 0.01 * Double(other.count - word.count) }
    let edits = editCount(Array(word), Array(other))
    return edits <= max(1, min(word.count, other.count) / 3) ? Double(edits) : nil
  }

  /// The number of letters to insert, delete, replace or swap with their neighbour (Damerau and Levenshtein's distance
  /// of optimal string alignment).
  static func editCount(_ a: [Character], _ b: [Character]) -> Int {
    var rows = [Array(0...b.count)]
    for (i, letter) in a.enumerated() {
      var row = [i + 1]
      for (j, other) in b.enumerated() {
        var count = min(rows[i][j + 1] + 1, row[j] + 1, rows[i][j] + (letter == other ? 0 : 1))
        if i > 0, j > 0, letter == b[j - 1], a[i - 1] == other { count = min(count, rows[i - 1][j - 1] + 1) }
        row.append(count)
      }
      rows.append(row)
    }
    return rows[a.count][b.count]
  }
}
