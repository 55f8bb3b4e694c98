import CharLMFiles
import CharLMText

/// Aligned pairs of token sequences: what a transducer learns from.
public struct PairCorpus: Sendable {
  /// An input and its output, with as many tokens each.
  public struct Pair: Hashable, Sendable {
    /// The input's tokens, of the input vocabulary.
    public let input: TokenSequence
    /// The output's tokens, of the output vocabulary.
    public let output: TokenSequence

    package init(input: TokenSequence, output: TokenSequence) {
      self.input = input
      self.output = output
    }
  }

  /// Where it came from.
  public let record: CorpusRecord
  /// How inputs become tokens.
  public let tokenizer: Tokenizer
  /// How outputs become tokens.
  public let outputTokenizer: Tokenizer
  /// The pairs to train on.
  public let train: [Pair]
  /// The pairs to validate on; empty where there are none.
  public let validation: [Pair]

  /// The number of tokens on one side of the training pairs.
  public var trainTokenCount: Int { train.reduce(0) { $0 + $1.input.count } }

  /// Reads a file whose lines are `input<TAB>output`; empty lines are skipped.
  ///
  /// Fewer than 20 pairs are all trained on, whatever the validation part.
  /// - Parameters:
  ///   - settings: how both sides become tokens.
  ///   - validationFraction: the part of the pairs, at the end of the file, that is kept for validation.
  ///   - tokenizers: vocabularies to use instead of counting them.
  ///   - extendsVocabularies: whether tokens that these lack are added to them.
  /// - Throws: `CorpusError` where the file cannot be read or a line is no aligned pair.
  public init(
    path: String, settings: TextSettings = TextSettings(), validationFraction: Double = 0.1,
    tokenizers: (input: Tokenizer, output: Tokenizer)? = nil, extendsVocabularies: Bool = false
  ) throws(CorpusError) {
    try self.init(
      try mapError(CorpusError.file, CorpusSource(path: path)), settings: settings,
      validationFraction: validationFraction, tokenizers: tokenizers, extendsVocabularies: extendsVocabularies)
  }

  /// Pairs in memory, each a line `input<TAB>output`.
  /// - Parameters:
  ///   - settings: as for files.
  ///   - validationFraction: as for files.
  ///   - tokenizers: as for files.
  ///   - name: what messages call the text.
  /// - Throws: `CorpusError` where a line is no aligned pair.
  public init(
    text: String, settings: TextSettings = TextSettings(), validationFraction: Double = 0.1,
    tokenizers: (input: Tokenizer, output: Tokenizer)? = nil, name: String = "the text"
  ) throws(CorpusError) {
    try self.init(
      CorpusSource(text, name: name), settings: settings, validationFraction: validationFraction,
      tokenizers: tokenizers)
  }

  private init(
    _ source: CorpusSource, settings: TextSettings, validationFraction: Double,
    tokenizers: (input: Tokenizer, output: Tokenizer)?, extendsVocabularies: Bool = false
  ) throws(CorpusError) {
    let (utf8, file) = try source.wholeText(settings)
    record = CorpusRecord(files: [file], validationFraction: validationFraction)
    let lines = try PairLine.parse(utf8, source: source.name)
    let counted = try PairCorpus.tokenizers(
      lines, settings, given: tokenizers, extendsVocabularies: extendsVocabularies)
    (tokenizer, outputTokenizer) = counted
    var pairs: [Pair] = []
    for line in lines { pairs.append(try line.pair(tokenizer, outputTokenizer, source: source.name)) }
    let kept = pairs.count < 20 ? 0 : Int(validationFraction * Double(pairs.count))
    train = Array(pairs.dropLast(kept))
    validation = Array(pairs.suffix(kept))
  }

  /// Pairs to evaluate a transducer on.
  /// - Throws: `CorpusError`, also where a token is in no vocabulary of the model.
  public static func pairs(
    path: String, input: Tokenizer, output: Tokenizer
  ) throws(CorpusError) -> [Pair] {
    try PairCorpus(
      path: path, settings: input.settings, validationFraction: 0, tokenizers: (input: input, output: output)
    ).train
  }

  /// The validation part alone of the pairs that a model was trained on, found again by its record; empty without.
  /// - Parameter folders: where a relative path is looked for, in this order.
  /// - Throws: `CorpusError.file` where no file is found, `.changed` where it is not the one of the record.
  public static func validationPairs(
    of record: CorpusRecord, input: Tokenizer, output: Tokenizer, lookingIn folders: [String]
  ) throws(CorpusError) -> [Pair] {
    guard let file = record.files.first else { return [] }
    let source = try CorpusSource(again: file, lookingIn: folders)
    try file.check(sha256: mapError(CorpusError.file, source.sha256()), path: file.path)
    return try PairCorpus(
      source, settings: input.settings, validationFraction: record.validationFraction,
      tokenizers: (input: input, output: output)
    ).validation
  }

  private static func tokenizers(
    _ lines: [PairLine], _ settings: TextSettings, given: (input: Tokenizer, output: Tokenizer)?,
    extendsVocabularies: Bool
  ) throws(CorpusError) -> (input: Tokenizer, output: Tokenizer) {
    func counted(_ side: KeyPath<PairLine, [UInt8]>, _ settings: TextSettings) -> VocabularyBuilder {
      var builder = VocabularyBuilder(settings: settings)
      for line in lines { builder.count(settings.normalization.normalized(line[keyPath: side]).span) }
      return builder
    }
    func tokenizer(_ side: KeyPath<PairLine, [UInt8]>, given: Tokenizer?) throws(CorpusError) -> Tokenizer {
      guard let given else {
        let vocabulary = try mapError(CorpusError.text, counted(side, settings).vocabulary())
        return Tokenizer(vocabulary: vocabulary, settings: settings)
      }
      return extendsVocabularies ? given.extended(by: counted(side, given.settings)) : given
    }
    return (try tokenizer(\.input, given: given?.input), try tokenizer(\.output, given: given?.output))
  }
}
