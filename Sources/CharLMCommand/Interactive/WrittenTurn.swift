import CharLM
import CharLMText

/// What a predictor writes in a turn: some tokens, up to the end of a document, and never half a scalar, because the text
/// goes on after it.
struct WrittenTurn {
  /// The most tokens; 0 to stop as soon as may be.
  var length: Int
  private(set) var tokens: [TokenID] = []
  private(set) var text = ""
  private var isAtEnd = false
  private let documentID: TokenID?
  private let separator: String
  private var decoder: StreamingDecoder
  private var scalars: ScalarGuard

  init(_ model: some Predictor, length: Int) {
    let vocabulary = model.tokenizer.vocabulary
    (self.length, documentID) = (length, vocabulary.documentID)
    separator = model.documentSeparator ?? "\n"
    (decoder, scalars) = (StreamingDecoder(vocabulary: vocabulary), ScalarGuard(vocabulary: vocabulary))
  }

  /// Whether no more tokens are wanted.
  var isComplete: Bool { isAtEnd || tokens.count >= length && scalars.isWhole }

  /// Takes a token and returns what of the text it makes certain.
  mutating func append(_ token: TokenID) -> String {
    tokens.append(token)
    scalars.append(token)
    isAtEnd = token == documentID
    return added(isAtEnd ? decoder.finish() + separator : decoder.append(token))
  }

  /// What is certain at the end.
  mutating func finish() -> String { added(decoder.finish()) }

  private mutating func added(_ piece: String) -> String {
    text += piece
    return piece
  }
}
