import CharLMData
import CharLMText

/// The text that a sample continues.
public struct SampleSeed: Sendable {
  /// The text as it was given.
  public let text: String
  /// The document that the sample goes on with: what of the text follows the last separator.
  let lastDocument: String
  /// The tokens of this document, the document token left out.
  let lastDocumentTokens: [TokenID]
  private let tokens: [TokenID]

  /// No seed.
  public init() { (text, lastDocument, lastDocumentTokens, tokens) = ("", "", [], []) }

  /// A text in a predictor's tokens.
  ///
  /// Where the predictor knows documents, the text begins one, as texts did in training, and what separates two documents
  /// becomes the document token.
  /// - Parameters:
  ///   - source: what errors call it.
  ///   - onUnknown: what is done with tokens that the vocabulary lacks.
  /// - Throws: `TextError.unknownToken` where there are such tokens, and `onUnknown` does not say what to do with them.
  public init(
    _ text: String, for predictor: some Predictor, source: String = "the seed",
    onUnknown: Tokenizer.UnknownPolicy = .error
  ) throws(TextError) {
    self.text = text
    let tokenizer = predictor.tokenizer
    guard let document = tokenizer.vocabulary.documentID else {
      tokens = Array(try tokenizer.encode(text, source: source, onUnknown: onUnknown))
      (lastDocument, lastDocumentTokens) = (text, tokens)
      return
    }
    var cutter = DocumentCutter(
      separator: predictor.documentSeparator, unit: tokenizer.settings.unit,
      normalization: tokenizer.settings.normalization)
    let utf8 = Array(text.utf8)
    let whole = TextPiece(utf8: utf8, normalized: tokenizer.settings.normalization.normalized(utf8))
    let parts = utf8.isEmpty ? [] : cutter.append(whole) + cutter.finish()
    var tokens = [document]
    var last: [UInt8] = []
    for part in parts {
      if part.beginsDocument {
        last = []
        if tokens.last != document { tokens.append(document) }
      }
      last += part.piece.utf8
      tokens += try tokenizer.encode(normalized: part.piece.normalized, source: source, onUnknown: onUnknown)
    }
    if cutter.isAtBeginning {
      last = []
      if tokens.last != document { tokens.append(document) }
    }
    (self.tokens, lastDocument) = (tokens, String(decoding: last, as: UTF8.self))
    lastDocumentTokens = Array(tokens.reversed().prefix { $0 != document }.reversed())
  }

  /// The tokens to read; without a text the predictor's start token.
  package func tokens(startingFrom start: TokenID) -> [TokenID] { tokens.isEmpty ? [start] : tokens }
}
