import CharLMFiles
import CharLMText

/// Puts the tokens of a corpus's documents together, first those to train on, then those to validate on.
///
/// The validation part is what follows the first `trainScalarCount` scalars, from the next token boundary on. Where the
/// vocabulary has a document token, it begins and ends each document.
struct CorpusEncoder {
  /// What is known of the tokens so far.
  private(set) var description: TokenFileDescription
  /// Takes down where the tokens to validate on stand; nil where nobody asks.
  var places: PlaceRecorder?
  /// The token that all tokens to train on are, if they are.
  private(set) var onlyTrainToken: TokenID?

  private let tokenizer: Tokenizer
  private let source: String
  private let trainScalarCount: Int
  private let emit: (TokenSequence) throws(TokenFileError) -> Void
  private var isValidating = false
  private var endsWithDocument = false
  /// The scalars that were appended.
  private var scalarCount = 0
  /// The bytes of the present file after normalization.
  private var normalizedByteCount = 0
  private var unknown: [UnknownToken] = []
  private var unknownCount = 0

  /// - Parameters:
  ///   - description: what the tokens are of.
  ///   - trainScalarCount: how many scalars come before the validation part.
  ///   - source: the files for messages.
  ///   - emit: takes tokens, in order.
  init(
    _ description: TokenFileDescription, trainScalarCount: Int, source: String,
    emit: @escaping (TokenSequence) throws(TokenFileError) -> Void
  ) {
    self.description = description
    self.trainScalarCount = trainScalarCount
    self.source = source
    self.emit = emit
    tokenizer = Tokenizer(vocabulary: description.vocabulary, settings: description.text)
  }

  /// A file begins: places of unknown tokens count from here.
  mutating func beginFile() { normalizedByteCount = 0 }

  /// Appends a part: to train on before the validation part begins, to validate on after, cut in two where it begins.
  mutating func append(_ part: DocumentPart) throws(CorpusError) {
    let utf8 = part.piece.utf8
    let trainCount = trainScalarCount - scalarCount
    scalarCount += part.piece.scalarCount
    if trainCount <= 0 { return try encode(part, isForValidation: true) }
    if trainCount >= utf8.count { return try encode(part, isForValidation: false) }
    // A text that is normalized already stays so in both parts.
    let (unit, form) = (tokenizer.settings.unit, tokenizer.settings.normalization)
    let start = Segmenter(unit: unit).validationStart(
      in: utf8.span, scalarCount: trainCount, normalization: part.piece.normalized == utf8 ? .none : form)
    if start == utf8.count { return try encode(part, isForValidation: false) }
    if start > 0 {
      try encode(
        DocumentPart(piece: piece(utf8[..<start]), beginsDocument: part.beginsDocument), isForValidation: false)
    }
    try encode(
      DocumentPart(piece: piece(utf8[start...]), beginsDocument: start == 0 && part.beginsDocument),
      isForValidation: true)
  }

  private func piece(_ utf8: ArraySlice<UInt8>) -> TextPiece {
    let utf8 = Array(utf8)
    return TextPiece(utf8: utf8, normalized: tokenizer.settings.normalization.normalized(utf8))
  }

  /// Encodes a part; the first to validate on ends those to train on.
  private mutating func encode(_ part: DocumentPart, isForValidation: Bool) throws(CorpusError) {
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
        ? try measuredTokens(part)
        : try tokenizer.encode(normalized: part.piece.normalized, source: source, onUnknown: description.onUnknown)
    } catch {
      return try note(error)
    }
    try take(tokens)
  }

  /// Adds the document token, if there is one and it is not the last token already.
  mutating func endDocument() throws(CorpusError) {
    guard let document = tokenizer.vocabulary.documentID, !endsWithDocument else { return }
    try take(TokenSequence([document], vocabularyCount: tokenizer.vocabulary.count))
    places?.appendDocumentToken()
    endsWithDocument = true
  }

  /// Ends the last document.
  /// - Throws: `TextError.unknownToken` where the text has tokens that the vocabulary lacks and that are not skipped.
  mutating func finish() throws(CorpusError) {
    try endDocument()
    if unknownCount > 0 { throw .text(.unknownToken(source: source, first: unknown, count: unknownCount)) }
  }

  private mutating func measuredTokens(_ part: DocumentPart) throws(TextError) -> TokenSequence {
    let encoding = try tokenizer.measuredEncoding(of: part.piece, source: source, onUnknown: description.onUnknown)
    places?.append(part, encoding)
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
    try mapError(CorpusError.tokens, emit(tokens))
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
