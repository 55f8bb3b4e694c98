import CharLMText

extension EvaluationText {
  /// Files as one text for a model: where its vocabulary has a document token, it begins and ends each file.
  /// - Parameter paths: `-` for standard input.
  /// - Throws: `CorpusError` where a file cannot be read, has unknown tokens that are not to be passed over, or where
  ///   there are fewer than two tokens, of which nothing can be predicted.
  public init(
    paths: [String], tokenizer: Tokenizer, onUnknown: Tokenizer.UnknownPolicy
  ) throws(CorpusError) {
    let name = paths.joined(separator: ", ")
    var encoder = Encoder(tokenizer, source: name, onUnknown: onUnknown)
    for path in paths {
      let source = try SourceText(path: path)
      do throws(TextError) { try encoder.append(source.utf8, beginsDocument: true) } catch { throw .text(error) }
    }
    encoder.endDocument()
    self = encoder.text
    guard tokens.count > 1 else { throw .tooShort(source: name, tokenCount: tokens.count, needed: 2) }
  }
}

extension PairCorpus {
  /// The validation part alone of the pairs that a model was trained on, found again by its record; empty without.
  /// - Parameter folders: where a relative path is looked for, in this order.
  /// - Throws: `CorpusError.file` where no file is found, `.changed` where it is not the one of the record.
  public static func validationPairs(
    of record: CorpusRecord, input: Tokenizer, output: Tokenizer, lookingIn folders: [String]
  ) throws(CorpusError) -> [Pair] {
    guard let file = record.files.first else { return [] }
    return try PairCorpus(
      SourceText(again: file, lookingIn: folders), text: input.settings,
      validationFraction: record.validationFraction, tokenizers: (input: input, output: output)
    ).validation
  }
}
