import CharLMText

/// The first pass through a corpus: finds encodings, checks that everything can be decoded, and counts.
struct CountingPass {
  /// The request, its files with the encodings that were found.
  private(set) var request: CorpusRequest
  /// The files, that for validation last.
  private(set) var records: [FileRecord] = []
  /// The scalars of the files, that for validation left out.
  private(set) var scalarCount = 0
  /// What was counted.
  private(set) var builder: VocabularyBuilder
  private var sources: [CorpusSource]

  /// Reads all files.
  init(_ request: CorpusRequest) throws(CorpusError) {
    self.request = request
    sources = request.allSources
    builder = VocabularyBuilder(settings: request.text, hasDocuments: request.hasDocuments)
    for index in sources.indices {
      guard let found = try sources[index].detectEncoding(request.text), found.name != "utf-8" else { continue }
      request.observe(.detected(path: sources[index].name, found))
    }
    var progress = PassProgress(.counting, request)
    for index in sources.indices { try count(index, &progress) }
    self.request.sources = Array(sources.prefix(request.sources.count))
    if request.validationSource != nil { self.request.validationSource = sources.last }
  }

  /// Reads a file; anew where it turns out not to be what its beginning is.
  private mutating func count(_ index: Int, _ progress: inout PassProgress) throws(CorpusError) {
    let before = sources[index].isAssumed ? builder : nil
    var settings = request.text
    // What is not UTF-8 may be text of another encoding: that is to be known before anything is replaced or kept.
    if sources[index].isAssumed { settings.invalid = .error }
    var pass = try SourcePass(sources[index], settings: settings, separator: request.documentSeparator)
    do throws(CorpusError) {
      let count = try count(&pass, &progress)
      if index < request.sources.count { scalarCount += count }
      if count == 0 { throw .text(.emptyText(source: sources[index].name)) }
      records.append(pass.reader.record)
    } catch {
      guard let before else { throw error }
      try settleEncoding(index, pass.reader, error)
      builder = before
      try count(index, &progress)
    }
  }

  /// Decides what a file is whose reading as UTF-8, which was assumed, failed.
  /// - Throws: why it cannot be read, where it is no text of another encoding and invalid bytes are refused.
  private mutating func settleEncoding(
    _ index: Int, _ reader: borrowing SourceReader, _ error: CorpusError
  ) throws(CorpusError) {
    guard case .text(.invalidBytes(_, "utf-8", let offset, _, _, _)) = error else { throw error }
    sources[index].isAssumed = false
    var failure = error
    do throws(TextError) {
      if let found = try reader.encodingInstead(ofUTF8At: offset) {
        sources[index].encoding = found.name
        return request.observe(.detected(path: sources[index].name, found))
      }
    } catch {
      failure = .text(error)
    }
    if request.text.invalid == .error { throw failure }
  }

  /// Reads a file; the number of its scalars.
  private mutating func count(
    _ pass: inout SourcePass, _ progress: inout PassProgress
  ) throws(CorpusError) -> Int {
    var scalarCount = 0
    while let part = try pass.next() {
      if request.tokenizer == nil || request.extendsVocabulary { builder.count(part.piece.normalized.span) }
      scalarCount += part.piece.scalarCount
      progress.note(pass.reader.byteCount)
    }
    progress.finish(pass.reader.byteCount)
    return scalarCount
  }

  /// A tokenizer with the vocabulary of the request, or of what was counted, and the encoding that was found; "auto"
  /// where the files have several.
  func tokenizer() throws(CorpusError) -> Tokenizer {
    let encodings = request.record(records).encodings
    let encoding = encodings.count == 1 ? encodings[0] : "auto"
    if let tokenizer = request.tokenizer {
      var settings = request.text
      settings.encoding = encoding
      let given = Tokenizer(vocabulary: tokenizer.vocabulary, settings: settings)
      return request.extendsVocabulary ? given.extended(by: builder) : given
    }
    var builder = builder
    if request.isAutomatic {
      let advice = builder.adviceKeepingFallback
      if advice.isFallback {
        request.observe(.advised(advice))
        builder.settings = advice.settings
      }
    }
    builder.settings.encoding = encoding
    do throws(TextError) {
      return Tokenizer(vocabulary: try builder.vocabulary(), settings: builder.settings)
    } catch {
      throw .text(error)
    }
  }
}

extension Tokenizer {
  /// This tokenizer with the tokens that its settings would make of a counted text and that it lacks.
  func extended(by builder: VocabularyBuilder) -> Tokenizer {
    // Where the settings leave nothing of the text, there is nothing to add.
    guard let counted = try? builder.vocabulary() else { return self }
    var settings = settings
    let vocabulary = vocabulary.extended(by: counted)
    settings.vocabularySize = settings.vocabularySize.map { max($0, vocabulary.count) }
    return Tokenizer(vocabulary: vocabulary, settings: settings)
  }
}
