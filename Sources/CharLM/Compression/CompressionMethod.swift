import CharLMText
import RecurrentNN

/// How text is to be compressed.
public struct CompressionMethod: Sendable {
  /// The model; nil for counts alone, which learn from the text as it is read.
  public var model: LanguageModel?
  /// What the model is called, for messages.
  public var modelName = ""
  /// What counts have read before; nil for nothing. Without counts it has no use.
  public var dictionary: CompressionDictionary?
  /// Whether counts that learn from the text are mixed with the model. Without a model there are always counts.
  public var usesCounts = false
  /// Whether the model goes on learning while it reads.
  public var isDynamic = false
  /// What the model's weights are kept in. Integers give the same bits on every CPU, as long as nothing is learned.
  public var precision = StreamPrecision.int8
  /// Threads; they change nothing but the time.
  public var threadCount = 1
  /// Asked while the dictionary is read; what is compressed after that is of no use.
  package var isInterrupted: @Sendable () -> Bool = { false }

  /// Counts alone.
  public init() {}

  /// A model.
  public init(_ model: LanguageModel, name: String) { (self.model, modelName) = (model, name) }

  /// The largest vocabulary of a model whose predictions are coded without counts.
  public static var largestVocabulary: Int { TokenFrequencies.largestCount }

  /// Whether the model's vocabulary is at most `largestVocabulary`, or counts are used. Compressing without that is a
  /// caller's bug.
  public var fitsVocabulary: Bool {
    model.map { usesCounts || $0.tokenizer.vocabulary.count <= CompressionMethod.largestVocabulary } ?? true
  }

  /// What decompression must compute alike, to the last bit.
  var arithmetic: String { Arithmetic.name(hasModel: model != nil, precision, isDynamic: isDynamic) }

  /// Whether counts take part.
  public var hasCounts: Bool { model == nil || usesCounts }

  /// What turns blocks of text into bytes and back.
  func coder(_ header: CompressedTextHeader) -> any BlockCoder {
    let known = header.dictionary == nil ? [] : dictionary?.bytes ?? []
    let alphabet = header.alphabet ?? (model == nil ? TextAlphabet(of: known) : nil)
    if let alphabet, let size = header.countsSize { return CountsBlockCoder(alphabet, size, known, isInterrupted) }
    guard let model else { preconditionFailure("text compressed with a model, and none at hand") }
    let options = StreamOptions(precision: precision, threadCount: threadCount)
    let spelling = TokenSpelling(model)
    let start = model.startToken
    if let rates = header.rates {
      let stream = DynamicStream(model, rates, threadCount: threadCount, precision: precision)
      return coder(stream, spelling, after: start, header.countsSize, model, known)
    }
    if header.countsSize == nil { return ParallelBlockCoder(model, options) }
    return coder(model.makeStream(options), spelling, after: start, header.countsSize, model, known)
  }

  /// - Parameter known: the dictionary's text. Counts alone read it: a model is too sure of what it was trained on, and
  ///   would be trusted too much afterwards.
  private func coder(
    _ stream: some PredictorStream, _ spelling: TokenSpelling, after start: TokenID, _ size: ContextMixerSize?,
    _ model: LanguageModel, _ known: [UInt8]
  ) -> any BlockCoder {
    let vocabulary = model.tokenizer.vocabulary
    guard let size else {
      return StreamBlockCoder(
        spelling, PredictorCoder(stream, vocabularyCount: vocabulary.count, after: start))
    }
    let knownTokens = known.isEmpty ? [] : spelling.encoding(of: known).tokens
    // Every token can be read, also those that the dictionary lacks.
    var weights = [Double](repeating: knownTokens.isEmpty ? 1 : 0.5, count: vocabulary.count)
    for token in knownTokens { weights[Int(token)] += 1 }
    let mixer = ContextMixer(tree: TokenTree(weights: weights), kinds: TokenKinds(vocabulary), size: size)
    var counts = AdaptiveCountsStream(mixer, documentID: vocabulary.documentID)
    counts.read(knownTokens, unless: isInterrupted)
    return StreamBlockCoder(spelling, MixtureCoder(stream, counts, after: start))
  }
}

/// Names of arithmetic: two computations of the same name give the same bits.
enum Arithmetic {
  /// Counts use nothing but IEEE's operations in a fixed order, which all CPUs do alike.
  private static let counts = "exact counts"
  /// So do networks whose products are sums of integers.
  private static let integers = "exact int8"

  static func name(hasModel: Bool, _ precision: StreamPrecision, isDynamic: Bool) -> String {
    guard hasModel else { return counts }
    if precision == .int8, !isDynamic { return integers }
    let network = "\(precision.rawValue) \(Kernels.active.name)"
    return isDynamic ? network + " " + Kernels.productName : network
  }

  /// The precision that a name speaks of.
  static func precision(of name: String) -> StreamPrecision {
    let words = name.split(separator: " ")
    return StreamPrecision.allCases.first { words.contains($0.rawValue[...]) } ?? .float32
  }
}
