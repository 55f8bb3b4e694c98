import CharLMText

/// A text as tokens, with the size of what a model predicts when it reads them as one stream.
public struct EvaluationText: Sendable {
  /// All tokens; the first is context only, unless it is a document token.
  public let tokens: TokenText
  /// Bytes and graphemes of the predicted text, as it was before normalization.
  public let predicted: TextExtent
  /// How many tokens the vocabulary lacks.
  public let unknownCount: Int

  init(tokens: TokenText, predicted: TextExtent, unknownCount: Int) {
    self.tokens = tokens
    self.predicted = predicted
    self.unknownCount = unknownCount
  }

  /// Encodes a text.
  /// - Throws: `TextError.unknownToken` where the policy is `.error` and the vocabulary has no unknown token.
  public init(
    _ utf8: [UInt8], tokenizer: Tokenizer, source: String, onUnknown: Tokenizer.UnknownPolicy
  ) throws(TextError) {
    let encoding = try tokenizer.measuredEncoding(of: utf8, source: source, onUnknown: onUnknown)
    self.init(
      tokens: TokenText(encoding.tokens), predicted: encoding.predictedExtent, unknownCount: encoding.unknownCount)
  }

  /// Files as one text for a model: where its vocabulary has a document token, it begins and ends each document.
  /// - Parameters:
  ///   - paths: as those of a corpus.
  ///   - tokenizer: the model's.
  ///   - encoding: that of the files; nil to find it for each.
  ///   - invalid: what becomes of bytes that are not valid in the encoding; nil for what the model's settings say.
  ///   - documentSeparator: a text that stands between two documents of a file.
  ///   - onUnknown: what becomes of tokens that the model does not know.
  ///   - storage: where tokens are kept.
  ///   - observe: told of what happens.
  /// - Throws: `CorpusError` where a file cannot be read, has unknown tokens that are not to be passed over, or where
  ///   there are fewer than two tokens, of which nothing can be predicted.
  public init(
    paths: [String], tokenizer: Tokenizer, encoding: String? = nil, invalid: InvalidPolicy? = nil,
    documentSeparator: String? = nil, onUnknown: Tokenizer.UnknownPolicy, storage: TokenStorage = TokenStorage(),
    observe: @escaping (CorpusEvent) -> Void = { _ in }
  ) throws(CorpusError) {
    var text = tokenizer.settings
    text.encoding = encoding ?? "auto"
    text.invalid = invalid ?? text.invalid
    let request = CorpusRequest(
      sources: try CorpusSource.find(paths), text: text, tokenizer: tokenizer, validationFraction: 1,
      documentSeparator: documentSeparator, onUnknown: onUnknown, storage: storage, observe: observe)
    self = try CorpusReading(request).tokens().validation
  }
}
