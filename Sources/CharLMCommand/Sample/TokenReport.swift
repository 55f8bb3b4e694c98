import CharLM
import CharLMText

/// The drawn tokens of a sample as JSON, in the shape in which servers of large models give them.
struct TokenReports: Encodable {
  let content: [TokenReport]

  init(_ drawn: [DrawnToken], _ vocabulary: Vocabulary) {
    content = drawn.map { drawn in
      TokenReport(
        TokenCandidate(token: drawn.token, logProbability: drawn.logProbability), vocabulary,
        topLogprobs: drawn.candidates.map { TokenReport($0, vocabulary, topLogprobs: nil) })
    }
  }
}

/// A token with its log-probability, in nats; one that was drawn also has the likeliest tokens of its place.
struct TokenReport: Encodable {
  let id: TokenID
  /// Its text; U+FFFD stands for what is a part of a character.
  let token: String
  let bytes: [UInt8]
  /// The name of a token that stands for no text, such as "document".
  let special: String?
  let logprob: Float
  let topLogprobs: [TokenReport]?

  init(_ candidate: TokenCandidate, _ vocabulary: Vocabulary, topLogprobs: [TokenReport]?) {
    id = candidate.token
    bytes = Array(vocabulary.bytes(of: candidate.token))
    token = String(decoding: bytes, as: UTF8.self)
    special = if case .special(let special) = vocabulary[candidate.token] { special.rawValue } else { nil }
    logprob = candidate.logProbability
    self.topLogprobs = topLogprobs
  }
}
