import CharLMText

/// A training text as tokens: the part to train on and the part to validate on.
public struct Corpus: Sendable {
  /// Where it came from.
  public let record: CorpusRecord
  /// How its text became tokens.
  public let tokenizer: Tokenizer
  /// The part to train on.
  public let train: TokenSequence
  /// The part to validate on, nil where there is none.
  public let validation: EvaluationText?

  /// What is kept for validation.
  public enum Validation: Hashable, Sendable {
    /// The last part of the text: cut at ⌊(1 − fraction) · scalars⌋, moved forward to a token boundary. 0 for none.
    case fraction(Double)
    /// A file.
    case file(String)
  }

  /// Reads files (`-` for standard input), counts the vocabulary over all of the text, and encodes it.
  ///
  /// Several files are documents: a document token begins and ends each.
  /// - Parameter tokenizer: a vocabulary to use instead of counting one.
  /// - Throws: `CorpusError` where a file cannot be read or has no usable text.
  public init(
    paths: [String], text: TextSettings, validation: Validation, tokenizer: Tokenizer? = nil
  ) throws(CorpusError) {
    var texts: [SourceText] = []
    for path in paths { texts.append(try SourceText(path: path)) }
    var validationText: SourceText?
    if case .file(let path) = validation { validationText = try SourceText(path: path) }
    let fraction = if case .fraction(let fraction) = validation { fraction } else { 0.0 }
    let record = CorpusRecord(
      files: texts.map(\.record), validationFraction: fraction, validationFile: validationText?.record)
    try self.init(record, texts, validationText, text: text, tokenizer: tokenizer)
  }

  private init(
    _ record: CorpusRecord, _ texts: [SourceText], _ validationText: SourceText?, text: TextSettings,
    tokenizer known: Tokenizer?
  ) throws(CorpusError) {
    let all = texts + (validationText.map { [$0] } ?? [])
    do throws(TextError) {
      let tokenizer: Tokenizer
      if let known {
        tokenizer = known
      } else {
        tokenizer = try Corpus.countedTokenizer(all, settings: text, hasDocuments: texts.count > 1)
      }
      let cut = Cut(texts.map(\.utf8), fraction: record.validationFraction, unit: text.unit)
      var trainParts = EvaluationText.Encoder(tokenizer, source: record.name, onUnknown: .error)
      for part in cut.train { try trainParts.append(part.utf8, beginsDocument: part.beginsDocument) }
      var validParts = EvaluationText.Encoder(tokenizer, source: record.name, onUnknown: .error)
      for part in cut.validation { try validParts.append(part.utf8, beginsDocument: part.beginsDocument) }
      if let validationText { try validParts.append(validationText.utf8, beginsDocument: true) }
      if cut.validation.isEmpty { trainParts.endDocument() } else { validParts.endDocument() }
      self.record = record
      self.tokenizer = tokenizer
      train = trainParts.text.tokens
      let validation = validParts.text
      self.validation = validation.tokens.count > 1 ? validation : nil
    } catch {
      throw .text(error)
    }
    try check()
  }

  private func check() throws(CorpusError) {
    guard train.count >= 8 else { throw .tooShort(source: record.name, tokenCount: train.count, needed: 8) }
    let first = train[0]
    if train.allSatisfy({ $0 == first }) {
      throw .oneToken(source: record.name, token: Array(tokenizer.vocabulary.bytes(of: first)))
    }
  }

  private static func countedTokenizer(
    _ texts: [SourceText], settings: TextSettings, hasDocuments: Bool
  ) throws(TextError) -> Tokenizer {
    var builder = VocabularyBuilder(settings: settings, hasDocuments: hasDocuments)
    for text in texts { builder.count(settings.normalization.normalized(text.utf8).span) }
    return Tokenizer(vocabulary: try builder.vocabulary(), settings: settings)
  }

  /// The validation part alone of a corpus that a model was trained on, found again by its record.
  ///
  /// - Parameter folders: where relative paths are looked for, in this order.
  /// - Throws: `CorpusError.file` where no file is found, `.changed` where it is not the one of the record.
  public static func validationText(
    of record: CorpusRecord, tokenizer: Tokenizer, lookingIn folders: [String]
  ) throws(CorpusError) -> EvaluationText? {
    var texts: [SourceText] = []
    for file in record.files { texts.append(try SourceText(again: file, lookingIn: folders)) }
    var validationText: SourceText?
    if let file = record.validationFile { validationText = try SourceText(again: file, lookingIn: folders) }
    return try Corpus(record, texts, validationText, text: tokenizer.settings, tokenizer: tokenizer).validation
  }
}

/// Documents cut in two at a scalar count.
private struct Cut {
  struct Part {
    let utf8: [UInt8]
    let beginsDocument: Bool
  }

  var train: [Part] = []
  var validation: [Part] = []

  init(_ documents: [[UInt8]], fraction: Double, unit: TextUnit) {
    // One document, as usual: the segmenter's own rule. Of several, the one in which the cut falls is cut.
    let scalarCounts = documents.map { Cut.scalarCount($0) }
    var rest = ((1 - fraction) * Double(scalarCounts.reduce(0, +))).rounded(.down)
    for (document, scalarCount) in zip(documents, scalarCounts) {
      let kept = min(max(rest / Double(scalarCount), 0), 1)
      rest -= Double(scalarCount)
      let start =
        documents.count == 1
        ? Segmenter(unit: unit).validationStart(in: document.span, fraction: fraction)
        : Segmenter(unit: unit).validationStart(in: document.span, fraction: 1 - kept)
      let isMany = documents.count > 1
      if start > 0 { train.append(Part(utf8: Array(document[..<start]), beginsDocument: isMany)) }
      if start < document.count {
        validation.append(Part(utf8: Array(document[start...]), beginsDocument: isMany && start == 0))
      }
    }
  }

  private static func scalarCount(_ utf8: [UInt8]) -> Int {
    utf8.reduce(0) { $0 + ($1 & 0xC0 != 0x80 ? 1 : 0) }
  }
}
