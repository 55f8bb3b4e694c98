import CharLM
import CharLMText
import TrainingWatch

/// What `charlm compare` prints. Differences are those of the first less the second: below zero where the first is better.
struct CompareReport: Encodable {
  let first: String
  let second: String
  let file: String
  let bytes: Int
  let lines: Int
  let firstBitsPerByte: Double
  let secondBitsPerByte: Double
  /// In bits a byte.
  let difference: Double
  /// Within these bounds the difference lies in 95 of 100 texts; null for a text of one line.
  let interval: OrNull<[Double]>
  /// In this share of texts the first takes fewer bits.
  let firstWins: OrNull<Double>
  let scripts: [Part]
  let kinds: [Part]
  let columns: [Part]
  let firstBestLines: [LinePart]
  let secondBestLines: [LinePart]

  /// A part of the text.
  struct Part: Encodable {
    let name: String
    let bytes: Int
    let firstBits: Double
    let secondBits: Double
    /// Its part of the whole difference, in bits a byte of the whole text.
    let contribution: Double
  }

  struct LinePart: Encodable {
    let line: Int
    let text: String
    /// How many bits fewer the better one takes.
    let bits: Double
  }

  private static let lineCount = 5

  init(_ names: [String], _ file: String, _ comparison: TextComparison) {
    (first, second, self.file) = (names[0], names[1], file)
    let whole = comparison.whole
    (bytes, lines) = (whole.byteCount, comparison.lines.count)
    firstBitsPerByte = whole.firstBits / Double(whole.byteCount)
    secondBitsPerByte = whole.secondBits / Double(whole.byteCount)
    difference = comparison.difference
    let bootstrap = Bootstrap(comparison)
    interval = OrNull(bootstrap.map { [$0.interval.lowerBound, $0.interval.upperBound] })
    firstWins = OrNull(bootstrap?.firstWins)
    func parts(_ groups: [TextComparison.Group]) -> [Part] {
      groups.map { group in
        Part(
          name: group.name, bytes: group.sums.byteCount, firstBits: group.sums.firstBits,
          secondBits: group.sums.secondBits, contribution: group.sums.difference / Double(whole.byteCount))
      }
    }
    (scripts, kinds, columns) = (parts(comparison.scripts), parts(comparison.kinds), parts(comparison.columns))
    let sorted = comparison.lines.sorted { $0.sums.difference < $1.sums.difference }
    func best(_ lines: some Sequence<TextComparison.Line>) -> [LinePart] {
      lines.map { line in
        LinePart(
          line: line.number, text: CompareReport.text(comparison.utf8[line.range]), bits: abs(line.sums.difference))
      }
    }
    firstBestLines = best(sorted.prefix(CompareReport.lineCount).filter { $0.sums.difference < 0 })
    secondBestLines = best(sorted.suffix(CompareReport.lineCount).reversed().filter { $0.sums.difference > 0 })
  }

  /// A line without its end, cut where it is long.
  private static func text(_ utf8: ArraySlice<UInt8>) -> String {
    let line = String(decoding: utf8, as: UTF8.self).split(whereSeparator: \.isNewline).joined()
    return line.count > 72 ? line.prefix(71) + "…" : line
  }

  /// For people.
  var text: String {
    let facts = [
      ("A", first), ("B", second), ("file", file),
      (
        "bits",
        "A \(Quantity.fixed(firstBitsPerByte, 4)), B \(Quantity.fixed(secondBitsPerByte, 4)) per byte, of "
          + "\(Quantity.count(bytes, "byte"))"
      ), ("result", verdict),
    ]
    let width = Terminal.showsOutput ? Terminal.outputWidth : nil
    return WrappedText.text(facts, width: width) + table("By script", scripts) + table("By kind of character", kinds)
      + table("By place in the line", columns) + list("Lines where A is best", firstBestLines)
      + list("Lines where B is best", secondBestLines)
  }

  /// What the figures say, in a sentence.
  var verdict: String {
    DifferenceText(
      ["A", "B"], difference, within: interval.value, of: max(firstBitsPerByte, secondBitsPerByte)
    ).text
  }

  private static let heads = ["", "bytes", "A", "B", "A − B", "of the whole"]

  private func rows(_ parts: [Part]) -> [[String]] {
    parts.map { part in
      let size = Double(max(part.bytes, 1))
      return [
        part.name, Quantity.count(part.bytes), Quantity.fixed(part.firstBits / size, 3),
        Quantity.fixed(part.secondBits / size, 3), Quantity.fixed((part.firstBits - part.secondBits) / size, 3),
        Quantity.fixed(part.contribution, 4),
      ]
    }
  }

  private func table(_ heading: String, _ parts: [Part]) -> String {
    let rows = [CompareReport.heads] + rows(parts)
    let widths = CompareReport.heads.indices.map { column in rows.map { $0[column].count }.max() ?? 0 }
    let lines = rows.map { row in
      "  "
        + row.enumerated().map { column, text in
          let space = String(repeating: " ", count: widths[column] - text.count)
          return column == 0 ? text + space : space + text
        }.joined(separator: "  ") + "\n"
    }
    return "\n\(heading), in bits per byte\n" + lines.joined()
  }

  private func list(_ heading: String, _ lines: [LinePart]) -> String {
    guard !lines.isEmpty else { return "" }
    let room = (lines.map { "\($0.line)".count }.max() ?? 0) + 2
    return "\n\(heading)\n"
      + lines.map { line in
        "  \(line.line)" + String(repeating: " ", count: room - "\(line.line)".count)
          + "\(Quantity.fixed(line.bits, 1)) bits fewer  \(VisibleText.line(line.text))\n"
      }.joined()
  }

  /// The page.
  func page(_ comparison: TextComparison) -> ComparePage {
    var page = ComparePage(comparison)
    (page.title, page.names) = (file, [first, second])
    page.figures = [
      KeyFigure("A", Quantity.fixed(firstBitsPerByte, 4), "bits per byte"),
      KeyFigure("B", Quantity.fixed(secondBitsPerByte, 4), "bits per byte"),
      KeyFigure("A − B", Quantity.fixed(difference, 4), "bits per byte"), KeyFigure("lines", Quantity.count(lines)),
    ]
    page.remarks = [
      "A is \(first), B is \(second).", verdict.prefix(1).uppercased() + verdict.dropFirst() + ".",
    ]
    let parts = [
      ("By kind of character", kinds), ("By script", scripts), ("By place in the line", columns),
    ]
    page.tables =
      parts.map { ("\($0), in bits per byte", CompareReport.heads, rows($1)) }
      + [("Lines where A is best", firstBestLines), ("Lines where B is best", secondBestLines)].map { heading, lines in
        (heading, ["line", "bits fewer", "text"], lines.map { ["\($0.line)", Quantity.fixed($0.bits, 1), $0.text] })
      }
    page.footer = "Made by charlm \(Version.number)."
    return page
  }
}
