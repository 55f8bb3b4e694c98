import CharLMData
import CharLMText

/// Where graphemes end in the beginning of a text, asked for in rising order: there a cell of a page may end.
struct GraphemeBorders {
  private let borders: [Int]
  private var next = 0

  /// - Parameter limit: how many bytes are asked for at most.
  init(_ text: PlacedText, limit: Int) {
    var borders: [Int] = []
    // The last grapheme may reach beyond the limit.
    let part = Array(text.utf8.prefix(limit + 1024))
    Segmenter(unit: .grapheme).forEachToken(in: part.span) { borders.append($0.upperBound) }
    self.borders = borders
  }

  /// Whether a grapheme ends at a byte.
  mutating func contains(_ offset: Int) -> Bool {
    while next < borders.count, borders[next] < offset { next += 1 }
    return next < borders.count && borders[next] == offset
  }
}

extension Token {
  /// A token as a page names it: itself where it shows, else "space", its code point, or what it is for.
  var shown: String {
    switch self {
    case .text([0x20]): "space"
    case .text([0x0A]): "line end"
    case .text(let bytes):
      String(validating: bytes, as: UTF8.self).map { text in
        description.hasPrefix("'") ? text : description
      } ?? description
    case .special(.document): "end of the document"
    case .special: description
    }
  }
}
