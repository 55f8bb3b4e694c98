import CharLMData
import CharLMText
import RecurrentNN

/// One text on its way through a model that learns from each chunk of 32 tokens after it was read, as `DynamicModel` does,
/// but token by token, and without the training text: how large gradients usually are is learned from the text, too.
///
/// Each token is read with the weights as they are then, by the engine of sampling; a chunk is learned from by the engine
/// of training. A copy shares all of it: there is one text.
struct DynamicStream: PredictorStream {
  private let learner: DynamicLearner

  init(_ model: LanguageModel, _ rates: DynamicRates, threadCount: Int, precision: StreamPrecision) {
    learner = DynamicLearner(model, rates, threadCount: threadCount, precision: precision)
  }

  mutating func read(_ token: TokenID) { learner.read(token) }

  func withLogits<Result>(_ body: (Span<Float>) -> Result) -> Result { learner.withLogits(body) }
}

private final class DynamicLearner {
  private let network: DynamicNetwork
  private let rates: DynamicRates
  private let documentID: TokenID?
  private let chunk = Buffer<Int32>(count: DynamicNetwork.chunkLength + 1)
  private var count = 0
  private let reader: StreamEnsemble
  private let state: EnsembleState

  init(_ model: LanguageModel, _ rates: DynamicRates, threadCount: Int, precision: StreamPrecision) {
    self.rates = rates
    network = DynamicNetwork(
      model.snapshot, pool: WorkerPool(threadCount: threadCount), measuresAsItLearns: true)
    documentID = model.tokenizer.vocabulary.documentID
    let snapshot = ModelSnapshot(model.snapshot.metadata, owning: network.parameters)
    reader = StreamEnsemble([snapshot], rowCount: 1, StreamOptions(precision: precision, threadCount: threadCount))
    state = reader.makeState()
  }

  func read(_ token: TokenID) {
    chunk.view[count] = token
    count += 1
    if count == chunk.count {
      network.predict(chunk.view, documentID: documentID)
      network.learn(rates)
      reader.refresh()
      chunk.view[0] = token
      count = 1
    }
    if token == documentID { state.reset() }
    reader.step({ _ in token }, state)
  }

  func withLogits<Result>(_ body: (Span<Float>) -> Result) -> Result { reader.logits(state).row(0).withSpan(body) }
}

extension CompressionMethod {
  /// How fast the model learns: what costs least of the beginning of the text; nil where it does not learn.
  func rates(for text: [UInt8]) -> DynamicRates? {
    guard isDynamic, let model else { return nil }
    let usual = DynamicRates(learningRate: 1e-3, decay: 0.002)
    let tokens = TokenSpelling(model).encoding(of: Array(text.prefix(CompressionMethod.triedByteCount))).tokens
    guard tokens.count >= CompressionMethod.leastTriedCount else { return usual }
    let beginning = TokenText(TokenSequence(tokens, vocabularyCount: model.tokenizer.vocabulary.count))
    let network = DynamicNetwork(
      model.snapshot, pool: WorkerPool(threadCount: threadCount), measuresAsItLearns: true)
    let reader = DynamicReader(network, rates: usual)
    // Tokens in memory can always be read.
    return try? DynamicRates.best { rates throws(TokenFileError) in
      reader.rates = rates
      let loss = try Evaluator(reader).stateful(beginning, documentID: model.tokenizer.vocabulary.documentID)
        .natsPerToken
      return loss.isFinite ? loss : .infinity
    }
  }

  private static let triedByteCount = 1 << 14
  private static let leastTriedCount = 1 << 11
}
