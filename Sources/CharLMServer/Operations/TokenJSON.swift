import CharLM
import CharLMText
import RecurrentNN

/// Tokens as JSON.
struct TokenJSON {
  let vocabulary: Vocabulary

  /// The text of a token; U+FFFD stands for what is a part of a character.
  func text(_ token: TokenID) -> String { String(decoding: vocabulary.bytes(of: token), as: UTF8.self) }

  /// What names a token: `"text":"e"`, for a part of a character `"bytes":[195]`, too, and for a token without text
  /// `"special":"document"`.
  func members(_ token: TokenID) -> [(name: String, json: String)] {
    switch vocabulary[token] {
    case .text(let bytes):
      let text = [("text", JSONText.quoted(self.text(token)))]
      return String(validating: bytes, as: UTF8.self) == nil ? text + [("bytes", bytesJSON(bytes))] : text
    case .special(let special): return [("text", "\"\""), ("special", JSONText.quoted(special.rawValue))]
    }
  }

  private func bytesJSON(_ bytes: [UInt8]) -> String { JSONText.list(bytes.map { "\($0)" }) }

  /// Drawn tokens with their probabilities, in the shape that `charlm sample --json` gives them.
  func drawn(_ tokens: [DrawnToken]) -> String {
    let content = tokens.map { drawn in
      let candidates = drawn.candidates.map { candidate($0.token, $0.logProbability, top: nil) }
      return candidate(drawn.token, drawn.logProbability, top: JSONText.list(candidates))
    }
    return JSONText.object([("content", JSONText.list(content))])
  }

  private func candidate(_ token: TokenID, _ logProbability: Float, top: String?) -> String {
    var members = [
      ("id", "\(token)"), ("token", JSONText.quoted(text(token))),
      ("bytes", bytesJSON(Array(vocabulary.bytes(of: token)))), ("logprob", JSONText.number(logProbability)),
    ]
    if case .special(let special) = vocabulary[token] { members.append(("special", JSONText.quoted(special.rawValue))) }
    if let top { members.append(("top_logprobs", top)) }
    return JSONText.object(members)
  }

  /// The shape of an object with a token's `members` and others.
  static func schema(with others: [String: JSONValue]) -> JSONValue {
    Schema.object(
      others.merging(["text": Schema.text]) { first, _ in first },
      optional: ["bytes": Schema.list(Schema.integer), "special": Schema.text])
  }

  /// The shape of `drawn`.
  static var drawnSchema: JSONValue {
    let candidate: [String: JSONValue] = [
      "id": Schema.integer, "token": Schema.text, "bytes": Schema.list(Schema.integer),
      "logprob": Schema.orNull(Schema.number),
    ]
    let other = Schema.object(candidate, optional: ["special": Schema.text])
    let drawn = Schema.object(
      candidate.merging(["top_logprobs": Schema.list(other)]) { first, _ in first }, optional: ["special": Schema.text])
    return Schema.object(["content": Schema.list(drawn)])
  }
}
