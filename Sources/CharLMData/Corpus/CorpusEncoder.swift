import CharLMText

/// Puts the tokens of a corpus's documents together, first those to train on, then those to validate on.
///
/// Where the vocabulary has a document token, it begins and ends each document.
struct CorpusEncoder {
  /// What is known of the tokens so far.
  private(set) var description: TokenFileDescription
  /// The token that all tokens to train on are, if they are.
  private(set) var onlyTrainToken: TokenID?

  private let tokenizer: Tokenizer
  private let source: String
  private let emit: (TokenSequence) throws(TokenFileError) -> Void
  private var isValidating = false
  private var endsWithDocument = false
  private var normalizedByteCount = 0
  private var unknown: [UnknownToken] = []
  private var unknownCount = 0

  /// - Parameters:
  ///   - description: what the tokens are of.
  ///   - source: the files for messages.
  ///   - emit: takes tokens, in order.
  init(
    _ description: TokenFileDescription, source: String,
    emit: @escaping (TokenSequence) throws(TokenFileError) -> Void
  ) {
    self.description = description
    self.source = source
    self.emit = emit
    tokenizer = Tokenizer(vocabulary: description.vocabulary, settings: description.text)
  }

  /// A file begins: places of unknown tokens count from here.
  mutating func beginFile() { normalizedByteCount = 0 }

  /// Appends a part to train on, or to validate on; the first of the latter ends the former.
  mutating func append(_ part: DocumentPart, isForValidation: Bool) throws(CorpusError) {
    if isForValidation, !isValidating { (isValidating, endsWithDocument) = (true, false) }
    if part.beginsDocument {
      try endDocument()
      if tokenizer.vocabulary.documentID != nil { description.documentCount += 1 }
    }
    defer { normalizedByteCount += part.piece.normalized.count }
    let tokens: TokenSequence
    do throws(TextError) {
      tokens =
        isForValidation
        ? try measuredTokens(part.piece)
        : try tokenizer.encode(normalized: part.piece.normalized, source: source, onUnknown: description.onUnknown)
    } catch {
      return try note(error)
    }
    try take(tokens)
  }

  /// Sets the document token, if there is one and it was not just set.
  mutating func endDocument() throws(CorpusError) {
    guard let document = tokenizer.vocabulary.documentID, !endsWithDocument else { return }
    try take(TokenSequence([document], vocabularyCount: tokenizer.vocabulary.count))
    endsWithDocument = true
  }

  /// Ends the last document.
  /// - Throws: `TextError.unknownToken` where the text has tokens that the vocabulary lacks and that are not passed over.
  mutating func finish() throws(CorpusError) {
    try endDocument()
    if unknownCount > 0 { throw .text(.unknownToken(source: source, first: unknown, count: unknownCount)) }
  }

  private mutating func measuredTokens(_ piece: TextPiece) throws(TextError) -> TokenSequence {
    let encoding = try tokenizer.measuredEncoding(of: piece, source: source, onUnknown: description.onUnknown)
    let extent = description.validationTokenCount == 0 ? encoding.predictedExtent : encoding.extent
    description.predictedByteCount += extent.byteCount
    description.predictedGraphemeCount += extent.graphemeCount
    description.unknownCount += encoding.unknownCount
    return encoding.tokens
  }

  private mutating func take(_ tokens: TokenSequence) throws(CorpusError) {
    guard let first = tokens.first else { return }
    endsWithDocument = false
    if isValidating {
      description.validationTokenCount += tokens.count
    } else {
      if description.trainTokenCount == 0 { onlyTrainToken = first }
      if let token = onlyTrainToken, !tokens.allSatisfy({ $0 == token }) { onlyTrainToken = nil }
      description.trainTokenCount += tokens.count
    }
    do throws(TokenFileError) { try emit(tokens) } catch { throw .tokens(error) }
  }

  /// Keeps unknown tokens for the end, so that those of all parts are counted; other errors are passed on.
  private mutating func note(_ error: TextError) throws(CorpusError) {
    guard case .unknownToken(_, let first, let count) = error else { throw .text(error) }
    unknownCount += count
    for var token in first where unknown.count < 5 && !unknown.contains(where: { $0.bytes == token.bytes }) {
      token.offset += normalizedByteCount
      unknown.append(token)
    }
  }
}
