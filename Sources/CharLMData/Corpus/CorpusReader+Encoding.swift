import CharLMText

extension CorpusReader {
  /// The second pass: encodes what was counted, first what to train on, then what to validate on.
  /// - Parameter emit: takes tokens, in order.
  /// - Returns: the description with the numbers of tokens.
  func encode(
    _ description: TokenFileDescription, _ counted: CorpusCount,
    emit: @escaping (TokenSequence) throws(TokenFileError) -> Void
  ) throws(CorpusError) -> TokenFileDescription {
    let trainScalarCount = Int(((1 - validationFraction) * Double(counted.scalarCount)).rounded(.down))
    var encoder = CorpusEncoder(description, trainScalarCount: trainScalarCount, source: name, emit: emit)
    encoder.places = places
    var progress = PassProgress(.encoding, byteCount: byteCount, observe)
    for (index, source) in allSources.enumerated() {
      if index == sources.count { try encoder.endDocument() }
      let reader = try SourceReader(source, settings: settings, separator: documentSeparator)
      encoder.beginFile()
      while let part = try reader.next() {
        try encoder.append(part)
        progress.note(reader.byteCount)
      }
      guard reader.record == counted.files[index] else { throw .changedWhileRead(path: source.name) }
      progress.finish(reader.byteCount)
    }
    try encoder.finish()
    try check(encoder)
    return encoder.description
  }

  /// A text to train on needs some tokens, and different ones; one to validate on alone, two.
  private func check(_ encoder: CorpusEncoder) throws(CorpusError) {
    let description = encoder.description
    let isForTraining = validationFraction != 1
    let tokenCount = isForTraining ? description.trainTokenCount : description.validationTokenCount
    let needed = isForTraining ? 8 : 2
    guard tokenCount >= needed else { throw .tooShort(source: name, tokenCount: tokenCount, needed: needed) }
    if isForTraining, let token = encoder.onlyTrainToken {
      throw .oneToken(source: name, token: Array(description.vocabulary.bytes(of: token)))
    }
  }
}
