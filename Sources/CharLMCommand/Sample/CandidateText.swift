import CharLM
import CharLMText
import RecurrentNN

/// Drawn tokens for people: a line for each, with its probability, and the likeliest tokens of its place with theirs.
struct CandidateText {
  let vocabulary: Vocabulary

  private static let tokenWidth = 8

  /// `'e'      61.2%   'e' 61.2%  'a' 10.4%`.
  func line(_ drawn: DrawnToken) -> String {
    let name = token(drawn.token)
    let space = String(repeating: " ", count: max(CandidateText.tokenWidth - WrappedText.columns(name), 0))
    let others = drawn.candidates.map { "  " + token($0.token) + " " + percent($0.logProbability) }.joined()
    return name + space + percent(drawn.logProbability) + (others.isEmpty ? "" : " " + others)
  }

  /// A token as a person can see it: `'e'`, `'\n'`, `U+200B`, `byte 0xC3`, `<document>`.
  private func token(_ id: TokenID) -> String {
    let text = String(decoding: vocabulary.bytes(of: id), as: UTF8.self)
    let isSpace = !text.isEmpty && text.unicodeScalars.allSatisfy { "\n\r\t".unicodeScalars.contains($0) }
    return isSpace ? "'" + EscapedText.escaped(text) + "'" : VisibleText.line(vocabulary[id].description)
  }

  /// Six columns.
  private func percent(_ logProbability: Float) -> String {
    let text = Quantity.fixed(100 * exponential(Double(logProbability)), 1) + "%"
    return String(repeating: " ", count: max(6 - text.count, 0)) + text
  }
}
