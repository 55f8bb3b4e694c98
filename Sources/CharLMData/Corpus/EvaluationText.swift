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

  /// Files as one text for a model: where its vocabulary has a document token, it begins and ends each document.
  /// - Parameters:
  ///   - paths: as those of a corpus.
  ///   - tokenizer: the model's.
  ///   - encoding: that of the files; nil to detect it for each.
  ///   - invalid: how bytes are handled that are not valid in the encoding; nil for what the model's settings say.
  ///   - documentSeparator: a text that stands between two documents of a file.
  ///   - onUnknown: how tokens are handled that the model does not know.
  ///   - storage: where tokens are kept.
  ///   - observe: receives what happens meanwhile.
  /// - Throws: `CorpusError` where a file cannot be read, has unknown tokens that are not skipped, or where there are
  ///   fewer than two tokens, of which nothing can be predicted.
  public init(
    paths: [String], tokenizer: Tokenizer, encoding: String? = nil, invalid: InvalidPolicy? = nil,
    documentSeparator: String? = nil, onUnknown: Tokenizer.UnknownPolicy = .error,
    storage: TokenStorage = TokenStorage(),
    observe: @escaping (CorpusEvent) -> Void = { _ in }
  ) throws(CorpusError) {
    var settings = tokenizer.settings
    settings.encoding = encoding ?? "auto"
    settings.invalid = invalid ?? settings.invalid
    try self.init(
      CorpusReader(
        sources: try CorpusSource.find(paths, acceptsMarkup: settings.encoding != "auto") { observe(.skipped($0)) },
        settings: settings, tokenizer: tokenizer, validationFraction: 1,
        documentSeparator: documentSeparator, onUnknown: onUnknown, storage: storage, observe: observe))
  }

  /// A text in memory for a model, as if it came from a file.
  /// - Parameters:
  ///   - tokenizer: the model's.
  ///   - name: what messages call the text.
  ///   - documentSeparator: a text that stands between two documents.
  ///   - onUnknown: how tokens are handled that the model does not know.
  /// - Throws: `CorpusError` where the text has unknown tokens that are not skipped, or fewer than two tokens.
  public init(
    text: String, tokenizer: Tokenizer, name: String = "the text", documentSeparator: String? = nil,
    onUnknown: Tokenizer.UnknownPolicy = .error
  ) throws(CorpusError) {
    try self.init(
      CorpusReader(
        text: text, tokenizer: tokenizer, name: name, documentSeparator: documentSeparator, onUnknown: onUnknown))
  }

  init(_ reader: CorpusReader) throws(CorpusError) {
    var reader = reader
    guard let text = try reader.read().validation else {
      throw .tooShort(source: reader.name, tokenCount: 0, needed: 2)
    }
    self = text
  }
}

extension CorpusReader {
  /// Reads a text in memory for a model, all of it to be evaluated.
  init(
    text: String, tokenizer: Tokenizer, name: String, documentSeparator: String?, onUnknown: Tokenizer.UnknownPolicy
  ) {
    self.init(
      sources: [CorpusSource(text, name: name)], settings: tokenizer.settings, tokenizer: tokenizer,
      validationFraction: 1, documentSeparator: documentSeparator, onUnknown: onUnknown, storage: .memory)
  }
}
