import CharLMData
import CharLMText

extension VocabularyReport {
  /// For people.
  var text: String {
    var lines = [
      "\(Quantity.count(tokens, settings.unit.rawValue)), \(Quantity.count(distinct)) different", "",
    ]
    lines += table(["token", "count", "share", "coverage", "code points"], rows.map(\.cells))
    if rows.count < distinct { lines.append("… \(Quantity.count(distinct - rows.count)) more (--limit 0 shows all)") }
    lines += section("script", scripts) + section("category", categories)
    lines += losses
    return (lines + ["", "train: " + choice]).joined(separator: "\n") + "\n"
  }

  private func section(_ title: String, _ counts: [CorpusVocabulary.PropertyCount]) -> [String] {
    [""]
      + table(
        [title, "different", "scalars"],
        counts.map { [$0.name, Quantity.count($0.differentCount), Quantity.count($0.count)] })
  }

  /// What limits would lose; empty where none would lose anything.
  private var losses: [String] {
    guard !minimumCounts.isEmpty || !sizes.isEmpty else { return [] }
    let byCount = minimumCounts.map { loss in
      ["--min-count \(loss.minimumCount ?? 1)"] + loss.cells + [loss.rowsWithFallback.map(Quantity.count) ?? ""]
    }
    let bySize = sizes.map { ["the \(Quantity.count($0.keptCount)) most frequent"] + $0.cells + [""] }
    return [""] + table(["limit", "kept", "unknown", "share", "rows with --fallback byte"], byCount + bySize)
  }

  /// "--unit grapheme: 65 rows", and which tokens are spelled where that was chosen.
  private var choice: String {
    var text = "--unit \(settings.unit.rawValue)"
    if settings.normalization != .none { text += " --normalization \(settings.normalization.rawValue)" }
    if settings.fallback != .none { text += " --fallback \(settings.fallback.rawValue)" }
    if settings.minimumCount > 1 { text += " --min-count \(settings.minimumCount)" }
    if let size = settings.vocabularySize { text += " --vocabulary-size \(size)" }
    text += ": \(Quantity.count(vocabulary, "row"))"
    return text + (spelling.map { " (\($0))" } ?? "")
  }

  /// Columns side by side; numbers aligned right, the first and the last column left.
  private func table(_ heads: [String], _ rows: [[String]]) -> [String] {
    let all = [heads] + rows
    let widths = heads.indices.map { column in all.map { $0[column].count }.max() ?? 0 }
    return all.map { row in
      let cells = row.indices.map { column in
        let space = String(repeating: " ", count: widths[column] - row[column].count)
        let isText = column == 0 || (column == row.count - 1 && heads[column] == "code points")
        return isText ? row[column] + space : space + row[column]
      }
      var line = cells.joined(separator: "  ")
      while line.last == " " { line.removeLast() }
      return line
    }
  }
}

extension VocabularyReport.Row {
  /// "'é'  12  0.5 %  98.1 %  U+00E9 LATIN SMALL LETTER E WITH ACUTE".
  fileprivate var cells: [String] {
    let points = zip(codePoints, names).map { $0 + " " + $1 }.joined(separator: ", ")
    return [
      token.description, Quantity.count(count), Quantity.percent(share), Quantity.percent(coverage), points,
    ]
  }
}

extension CorpusVocabulary.Loss {
  fileprivate var cells: [String] {
    [Quantity.count(keptCount), Quantity.count(unknownCount), Quantity.percent(unknownShare)]
  }
}

extension Quantity {
  /// A share as "12.3 %", with more decimals where it is small: "0.004 %".
  fileprivate static func percent(_ share: Double) -> String {
    fixed(share * 100, share > 0 && share < 0.001 ? 4 : 2) + " %"
  }
}
