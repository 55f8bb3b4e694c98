import CharLMText

extension PairCorpus {
  /// The validation part alone of the pairs that a model was trained on, found again by its record; empty without.
  /// - Parameter folders: where a relative path is looked for, in this order.
  /// - Throws: `CorpusError.file` where no file is found, `.changed` where it is not the one of the record.
  public static func validationPairs(
    of record: CorpusRecord, input: Tokenizer, output: Tokenizer, lookingIn folders: [String]
  ) throws(CorpusError) -> [Pair] {
    guard let file = record.files.first else { return [] }
    return try PairCorpus(
      SourceText(again: file, settings: input.settings, lookingIn: folders), text: input.settings,
      validationFraction: record.validationFraction, tokenizers: (input: input, output: output)
    ).validation
  }
}
