import CharLM
import CharLMText

/// One of the continuations, as OpenAI's clients read it.
struct OpenAIChoice {
  let index: Int
  private let prompt: String
  private let hasProbabilities: Bool
  private let tokens: TokenJSON
  /// The prompt's tokens, still to be given.
  private var echoed: [JudgedToken]
  /// Whether the prompt is still to be given.
  private var hasEcho: Bool
  /// Where the next token stands in the text that is given, in scalars.
  private var offset: Int

  init(
    index: Int, prompt: String, echoed: [JudgedToken], hasEcho: Bool, hasProbabilities: Bool, _ tokens: TokenJSON
  ) {
    (self.index, self.prompt, self.echoed, self.hasEcho) = (index, prompt, echoed, hasEcho)
    (self.hasProbabilities, self.tokens) = (hasProbabilities, tokens)
    offset = hasEcho ? 0 : prompt.unicodeScalars.count
  }

  /// A piece as JSON; the first one begins with the prompt, where that is asked for.
  mutating func json(_ piece: WrittenPiece) -> String {
    let text = (hasEcho ? prompt : "") + piece.text
    let drawn = echoed + piece.drawn.map { JudgedToken(token: $0.token, drawn: $0) }
    (hasEcho, echoed) = (false, [])
    let reason: String? =
      switch piece.end {
      case .stop?, .shape?: "stop"
      case .length?, .time?, WrittenPiece.End.none?: "length"
      case nil: nil
      }
    return JSONText.object([
      ("index", "\(index)"), ("text", JSONText.quoted(text)),
      ("finish_reason", reason.map { JSONText.quoted($0) } ?? "null"),
      ("logprobs", hasProbabilities ? logprobs(drawn) : "null"),
    ])
  }

  private mutating func logprobs(_ judged: [JudgedToken]) -> String {
    var (names, probabilities, likeliest, offsets): ([String], [String], [String], [String]) = ([], [], [], [])
    for judged in judged {
      let text = tokens.text(judged.token)
      names.append(JSONText.quoted(text))
      probabilities.append(judged.drawn.map { JSONText.number($0.logProbability) } ?? "null")
      likeliest.append(judged.drawn.map { self.likeliest($0.candidates) } ?? "null")
      offsets.append("\(offset)")
      offset += text.unicodeScalars.count
    }
    return JSONText.object([
      ("tokens", JSONText.list(names)), ("token_logprobs", JSONText.list(probabilities)),
      ("top_logprobs", JSONText.list(likeliest)), ("text_offset", JSONText.list(offsets)),
    ])
  }

  /// Tokens that are parts of characters may share a text, and a name may occur once: the likeliest counts.
  private func likeliest(_ candidates: [TokenCandidate]) -> String {
    var members: [(name: String, json: String)] = []
    for candidate in candidates {
      let text = tokens.text(candidate.token)
      if !members.contains(where: { $0.name.utf8.elementsEqual(text.utf8) }) {
        members.append((text, JSONText.number(candidate.logProbability)))
      }
    }
    return JSONText.object(members)
  }
}

/// A token of a text with what the model made of it; nil for the first of a text, which nothing predicts.
struct JudgedToken: Sendable {
  let token: TokenID
  let drawn: DrawnToken?
}
