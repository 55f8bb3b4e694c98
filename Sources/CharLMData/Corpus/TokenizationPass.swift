import CharLMText

/// The second pass through a corpus: cuts it into the part to train on and that to validate on, and encodes both.
struct TokenizationPass {
  /// What the tokens are of, before they are counted.
  let description: TokenFileDescription
  private let request: CorpusRequest
  private let records: [FileRecord]
  /// The scalars of all files but that for validation, and how many of them come before the validation part.
  private let scalarCount: Int
  private let trainScalarCount: Int

  init(_ counted: CountingPass, _ description: TokenFileDescription) {
    self.description = description
    request = counted.request
    records = counted.records
    scalarCount = counted.scalarCount
    trainScalarCount = Int(((1 - request.validationFraction) * Double(scalarCount)).rounded(.down))
  }

  /// Reads all files.
  /// - Parameter emit: takes tokens, in order.
  /// - Returns: the description with the numbers of tokens.
  func run(
    emit: @escaping (TokenSequence) throws(TokenFileError) -> Void
  ) throws(CorpusError) -> TokenFileDescription {
    var encoder = CorpusEncoder(description, source: request.name, emit: emit)
    try read(into: &encoder)
    return encoder.description
  }

  private func read(into encoder: inout CorpusEncoder) throws(CorpusError) {
    var progress = PassProgress(.encoding, request)
    var scalars = 0
    for (index, source) in request.allSources.enumerated() {
      let isValidationFile = index == request.sources.count
      // What was to be trained on ends here, unless its end is to be validated on.
      if isValidationFile { try encoder.endDocument() }
      var pass = try SourcePass(source, settings: request.text, separator: request.documentSeparator)
      encoder.beginFile()
      while let part = try pass.next() {
        if isValidationFile {
          try encoder.append(part, isForValidation: true)
        } else {
          try append(part, after: scalars, to: &encoder)
          scalars += part.piece.scalarCount
        }
        progress.note(pass.reader.byteCount)
      }
      guard pass.reader.record == records[index] else { throw .changedWhileRead(path: source.name) }
      progress.finish(pass.reader.byteCount)
    }
    try encoder.finish()
    try check(encoder)
  }

  /// Appends a part, cut in two where the validation part begins in it.
  private func append(
    _ part: DocumentPart, after scalars: Int, to encoder: inout CorpusEncoder
  ) throws(CorpusError) {
    let utf8 = part.piece.utf8
    let trainCount = trainScalarCount - scalars
    if trainCount <= 0 { return try encoder.append(part, isForValidation: true) }
    if trainCount >= utf8.count { return try encoder.append(part, isForValidation: false) }
    // What has the normalization already keeps it in both parts.
    let normalization = part.piece.normalized == utf8 ? .none : description.text.normalization
    let start = Segmenter(unit: description.text.unit).validationStart(
      in: utf8.span, scalarCount: trainCount, normalization: normalization)
    if start == utf8.count { return try encoder.append(part, isForValidation: false) }
    if start > 0 {
      try encoder.append(
        DocumentPart(piece: piece(utf8[..<start]), beginsDocument: part.beginsDocument), isForValidation: false)
    }
    try encoder.append(
      DocumentPart(piece: piece(utf8[start...]), beginsDocument: start == 0 && part.beginsDocument),
      isForValidation: true)
  }

  private func piece(_ utf8: ArraySlice<UInt8>) -> TextPiece {
    let utf8 = Array(utf8)
    return TextPiece(utf8: utf8, normalized: description.text.normalization.normalized(utf8))
  }

  /// A text to train on needs some tokens, and different ones; one to validate on alone, two.
  private func check(_ encoder: CorpusEncoder) throws(CorpusError) {
    let counts = encoder.description
    if request.validationFraction == 1 {
      guard counts.validationTokenCount > 1 else {
        throw .tooShort(source: request.name, tokenCount: counts.validationTokenCount, needed: 2)
      }
      return
    }
    guard counts.trainTokenCount >= 8 else {
      throw .tooShort(source: request.name, tokenCount: counts.trainTokenCount, needed: 8)
    }
    if let token = encoder.onlyTrainToken {
      throw .oneToken(source: request.name, token: Array(description.vocabulary.bytes(of: token)))
    }
  }
}
