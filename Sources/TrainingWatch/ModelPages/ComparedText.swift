import CharLM
import CharLMData
import CharLMFiles
import CharLMText

/// A text colored by which of two predictors took fewer bits, in the form in which a page holds it: a byte for each
/// grapheme.
struct ComparedText {
  /// So many bytes of a text are shown at most.
  static let limit = 100_000
  private static let unitsOfBit: Float = 16
  private static let unscored: UInt8 = 255

  /// Whether the text has more than what is shown.
  let isCut: Bool
  private var cells = PageCells()
  private var codes = PackedBytes()

  init(_ comparison: TextComparison) {
    let utf8 = comparison.utf8
    isCut = utf8.count > ComparedText.limit
    let part = Array(utf8.prefix(ComparedText.limit))
    var (cells, codes) = (PageCells(), PackedBytes())
    Segmenter(unit: .grapheme).forEachToken(in: part.span) { range in
      let count = cells.append(part[range])
      let code = comparison.difference(in: range).map { difference in
        UInt8(nearest: difference * ComparedText.unitsOfBit + 127, upTo: 254)
      }
      codes.append(code ?? ComparedText.unscored)
      for _ in 1..<count { codes.append(ComparedText.unscored) }
    }
    (self.cells, self.codes) = (cells, codes)
  }

  private struct PageData: Encodable {
    let text: String
    let lengths: String
    let differences: String
    let unitsOfBit: Float
    let names: [String]
  }

  /// The data for the page's script, as JSON.
  func json(names: [String]) -> String {
    SnakeCaseJSON.text(
      PageData(
        text: cells.text, lengths: cells.lengths.base64, differences: codes.base64,
        unitsOfBit: ComparedText.unitsOfBit, names: names))
  }
}
