import CharLM
import CharLMData
import CharLMFiles
import CharLMText

/// The scores of tokens as JSON Lines: one object a token, its keys sorted.
struct ScoreLines {
  private let text: PlacedText
  private let vocabulary: Vocabulary
  private var position = TextPosition()
  private var pending = ""
  /// Tokens as JSON: what names them.
  private var names: [TokenID: String] = [:]

  private static let pieceSize = 1 << 16

  init(_ text: PlacedText, _ vocabulary: Vocabulary) { (self.text, self.vocabulary) = (text, vocabulary) }

  /// Takes the next score.
  /// - Returns: lines to write, once there are enough.
  mutating func add(_ score: TokenScore) -> String? {
    position.advance(to: score.range.lowerBound, in: text.utf8)
    let likeliest = score.likeliest.map { "{\"probability\":\($0.probability),\(name(of: $0.token))}" }
    pending +=
      "{\"bits\":\(score.bits.map { "\($0)" } ?? "null"),\"column\":\(position.column),\"likeliest\":["
      + likeliest.joined(separator: ",") + "],\"line\":\(position.line),\"offset\":\(score.range.lowerBound),"
      + name(of: score.token) + "}\n"
    guard pending.utf8.count > ScoreLines.pieceSize else { return nil }
    defer { pending = "" }
    return pending
  }

  /// The lines that were not written yet.
  var rest: String { pending }

  /// `"text":"a"`; for a part of a scalar `"bytes":"e4"`, for a token without text `"special":"document"`, as in a
  /// model's vocabulary.
  private mutating func name(of token: TokenID) -> String {
    if let known = names[token] { return known }
    let name =
      switch vocabulary[token] {
      case .text(let bytes):
        if let text = String(validating: bytes, as: UTF8.self) {
          "\"text\":" + VisibleText.json(SnakeCaseJSON.text(text))
        } else {
          "\"bytes\":\"" + bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined() + "\""
        }
      case .special(let special): "\"special\":\"\(special.rawValue)\""
      }
    names[token] = name
    return name
  }
}
