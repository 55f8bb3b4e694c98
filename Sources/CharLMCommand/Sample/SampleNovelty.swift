import CharLM
import CharLMData
import CharLMText

/// What of samples stands word for word in a corpus, beside what of a text does that was held out from training.
struct SampleNovelty {
  /// What was found of a sample.
  struct Report: Encodable {
    /// The number of characters that were searched for: those of the sample without its seed text.
    let characters: Int
    /// The length of the longest passage of the corpus in it; 0 for none.
    let longest: Int
    let shares: [NoveltyReport.Share]

    init(_ found: Novelty, heldOut: Novelty?) {
      characters = found.scalarCount
      longest = found.longest(1).first?.length ?? 0
      shares = NoveltyReport.shares(found, heldOut: heldOut)
    }

    /// Passages of so many characters say something about copying.
    static let tellingLength = 20

    private var telling: NoveltyReport.Share? { shares.first { $0.length == Report.tellingLength } }

    /// "21.3% copied, longest 34".
    var phrase: String {
      Report.percent(telling?.sample) + "% copied, longest \(Quantity.count(longest))"
    }

    /// What 'copied' means, and how much of the held-out text is.
    var explanation: String {
      "copied: in passages of \(Report.tellingLength) characters or more that the corpus has"
        + (telling?.heldOut.value.map { "; of a text that was held out, \(Report.percent($0))%" }
          ?? "")
    }

    private static func percent(_ part: Double?) -> String { Quantity.fixed(100 * (part ?? 0), 1) }
  }

  /// Calls its argument with the pieces of the corpus, and the number of the file of each.
  private let forEachPiece: (_ body: (ArraySlice<UInt8>, Int) -> Void) throws -> Void
  private let heldOut: [UInt8]
  /// What is searched for at once, in bytes.
  static let batchSize = NoveltyCommand.largestSample
  private static let heldOutSize = NoveltyCommand.heldOutSizes.lowerBound

  /// The corpus that a model was trained on, and its validation part.
  init(recordedBy model: LanguageModel, path: String) throws {
    let corpus = try ValidationPlaces.corpus(of: model, path: path, storage: TokenStorage())
    let (tokenizer, separator) = (model.tokenizer, model.documentSeparator)
    forEachPiece = { body in
      try corpus.train.forEachPiece(tokenizer, separator: separator) { body($0[...], 0) }
    }
    var text: [UInt8] = []
    if let validation = corpus.validation?.tokens {
      let part = validation[0..<min(validation.count, SampleNovelty.heldOutSize)]
      try part.forEachPiece(tokenizer, separator: separator) { text += $0 }
    }
    heldOut = Array(text.prefix(SampleNovelty.heldOutSize)).droppingCutScalar()
  }

  /// Files, whose last tenth is taken as held out.
  init(paths: [String], _ console: Console) throws {
    let reading = CorpusDisplay(console)
    defer { reading.finish() }
    let corpus = try CorpusText(paths: paths, heldOutFraction: 0.1, observe: reading.show)
    forEachPiece = { body in
      try corpus.forEachPiece { if !$0.isHeldOut { body($0.utf8, $0.source) } }
    }
    heldOut = try corpus.heldOutBeginning(upTo: SampleNovelty.heldOutSize)
  }

  /// Searches for texts.
  /// - Complexity: O(texts + corpus), which is read once.
  func reports(of texts: [String]) throws -> [Report] {
    if let text = texts.first(where: { $0.utf8.count > SampleNovelty.batchSize }) {
      throw CommandFailure(
        "a sample of \(Quantity.bytes(text.utf8.count)) is too long to be searched for in a corpus",
        next: "give a shorter --length, or leave out --novelty")
    }
    var search = NoveltySearch(texts.map { Array($0.utf8) } + [heldOut])
    try forEachPiece { search.read($0, source: $1) }
    let found = search.finish()
    return found.dropLast().map {
      Report($0, heldOut: heldOut.isEmpty ? nil : found[found.count - 1])
    }
  }
}
