import CharLMText

/// A text as tokens that know where they stand in it.
///
/// It is in memory: a byte for each of its bytes, and one to four for each token.
public struct PlacedText: Sendable {
  /// The text as the model reads it: UTF-8 without a byte-order mark, normalized as the model's settings say.
  public let utf8: [UInt8]
  /// Its tokens, as an evaluation reads them.
  public let evaluation: EvaluationText
  private let vocabulary: Vocabulary
  private let jumps: [(token: Int, offset: Int)]

  /// A file for a model: where its vocabulary has a document token, it begins and ends each document.
  /// - Parameters: as those of `EvaluationText`.
  /// - Throws: `CorpusError`, as `EvaluationText` does.
  public init(
    path: String, tokenizer: Tokenizer, encoding: String? = nil, invalid: InvalidPolicy? = nil,
    documentSeparator: String? = nil, onUnknown: Tokenizer.UnknownPolicy = .error,
    observe: @escaping (CorpusEvent) -> Void = { _ in }
  ) throws(CorpusError) {
    var settings = tokenizer.settings
    settings.encoding = encoding ?? "auto"
    settings.invalid = invalid ?? settings.invalid
    let sources = try CorpusSource.find([path], acceptsMarkup: settings.encoding != "auto") { observe(.skipped($0)) }
    try self.init(
      CorpusReader(
        sources: sources, settings: settings, tokenizer: tokenizer, validationFraction: 1,
        documentSeparator: documentSeparator, onUnknown: onUnknown, storage: .memory, observe: observe))
  }

  /// A text in memory for a model, as if it came from a file.
  /// - Parameters: as those of `EvaluationText`.
  /// - Throws: `CorpusError` where the text has unknown tokens that are not skipped, or fewer than two tokens.
  public init(
    text: String, tokenizer: Tokenizer, name: String = "the text", documentSeparator: String? = nil,
    onUnknown: Tokenizer.UnknownPolicy = .error
  ) throws(CorpusError) {
    try self.init(
      CorpusReader(
        text: text, tokenizer: tokenizer, name: name, documentSeparator: documentSeparator, onUnknown: onUnknown))
  }

  private init(_ reader: CorpusReader) throws(CorpusError) {
    guard let vocabulary = reader.tokenizer?.vocabulary else { preconditionFailure("a text without a tokenizer") }
    var reader = reader
    let recorder = PlaceRecorder(vocabulary, separator: reader.documentSeparator)
    reader.places = recorder
    evaluation = try EvaluationText(reader)
    (utf8, jumps, self.vocabulary) = (recorder.utf8, recorder.jumps, vocabulary)
  }

  /// The bytes that each token stands for, from the first token on.
  public var places: Places { Places(jumps: jumps, textCount: utf8.count, vocabulary: vocabulary) }

  /// Finds the bytes that tokens stand for, one after the other.
  public struct Places: Sendable {
    fileprivate let jumps: [(token: Int, offset: Int)]
    fileprivate let textCount: Int
    fileprivate let vocabulary: Vocabulary
    private var index = 0
    private var jump = 0
    private var offset = 0

    fileprivate init(jumps: [(token: Int, offset: Int)], textCount: Int, vocabulary: Vocabulary) {
      (self.jumps, self.textCount, self.vocabulary) = (jumps, textCount, vocabulary)
    }

    /// The bytes that the next token stands for: none for a document token; for the unknown token, the text that it
    /// replaces.
    public mutating func next(_ token: TokenID) -> Range<Int> {
      while jump < jumps.count, jumps[jump].token == index {
        offset = jumps[jump].offset
        jump += 1
      }
      index += 1
      let start = offset
      if token == vocabulary.unknownID {
        offset = jump < jumps.count && jumps[jump].token == index ? jumps[jump].offset : textCount
      } else {
        offset += vocabulary.bytes(of: token).count
      }
      return start..<offset
    }
  }
}
