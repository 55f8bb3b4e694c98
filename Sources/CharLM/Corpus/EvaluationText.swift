import CharLMText

/// A text as tokens, with the size of what a model predicts when it reads them as one stream.
public struct EvaluationText: Sendable {
  /// All tokens; the first is context only, unless it is a document token.
  public let tokens: TokenSequence
  /// Bytes and graphemes of the predicted text, as it was before normalization.
  public let predicted: TextExtent
  /// How many tokens the vocabulary lacks.
  public let unknownCount: Int

  /// Encodes a text.
  /// - Throws: `TextError.unknownToken` where the policy is `.error` and the vocabulary has no unknown token.
  public init(
    _ utf8: [UInt8], tokenizer: Tokenizer, source: String, onUnknown: Tokenizer.UnknownPolicy
  ) throws(TextError) {
    var encoder = Encoder(tokenizer, source: source, onUnknown: onUnknown)
    try encoder.append(utf8, beginsDocument: false)
    self = encoder.text
  }

  private init(tokens: TokenSequence, predicted: TextExtent, unknownCount: Int) {
    self.tokens = tokens
    self.predicted = predicted
    self.unknownCount = unknownCount
  }

  /// Puts documents together; where the vocabulary has a document token, it begins and ends each.
  struct Encoder {
    private let tokenizer: Tokenizer
    private let source: String
    private let onUnknown: Tokenizer.UnknownPolicy
    private var tokens: TokenSequence
    private var predicted = TextExtent(byteCount: 0, graphemeCount: 0)
    private var unknownCount = 0

    init(_ tokenizer: Tokenizer, source: String, onUnknown: Tokenizer.UnknownPolicy) {
      self.tokenizer = tokenizer
      self.source = source
      self.onUnknown = onUnknown
      tokens = TokenSequence(vocabularyCount: tokenizer.vocabulary.count)
    }

    mutating func append(_ utf8: [UInt8], beginsDocument: Bool) throws(TextError) {
      if beginsDocument { endDocument() }
      let encoding = try tokenizer.measuredEncoding(of: utf8, source: source, onUnknown: onUnknown)
      let extent = tokens.isEmpty ? encoding.predictedExtent : encoding.extent
      predicted = TextExtent(
        byteCount: predicted.byteCount + extent.byteCount,
        graphemeCount: predicted.graphemeCount + extent.graphemeCount)
      unknownCount += encoding.unknownCount
      if tokens.isEmpty { tokens = encoding.tokens } else { for token in encoding.tokens { tokens.append(token) } }
    }

    /// Sets the document token, if there is one and it was not just set.
    mutating func endDocument() {
      guard let document = tokenizer.vocabulary.documentID, tokens.last != document else { return }
      tokens.append(document)
    }

    var text: EvaluationText {
      EvaluationText(tokens: tokens, predicted: predicted, unknownCount: unknownCount)
    }
  }
}
