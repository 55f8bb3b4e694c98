import CharLMText
import RecurrentNN

/// Several streams of one model, or one ensemble, that write side by side, each with random numbers of its own.
///
/// A weight that is read for one stream serves them all, so that many samples cost little more than a few. A stream's
/// tokens are those that a `Generator` with its random seed writes, however many run beside it.
public final class GeneratorGroup {
  /// How its tokens become text.
  public let tokenizer: Tokenizer
  private let network: StreamEnsemble
  private let state: EnsembleState
  private let tokens: Buffer<Int32>  // (M): what each stream wrote last
  private let streams: [Stream]

  private final class Stream {
    var sampler: TokenSampler
    var random: SeededGenerator

    init(_ sampler: TokenSampler, randomSeed: UInt64) {
      self.sampler = sampler
      random = SeededGenerator(seed: randomSeed)
    }
  }

  /// Streams at the zero state, one for each random seed.
  /// - Parameters:
  ///   - precision: what the weights are kept in; see `Generator`.
  ///   - threadCount: how many threads a step may use.
  public init(
    _ model: some TextModel, sampling: SamplingSettings = SamplingSettings(), randomSeeds: [UInt64],
    precision: Precision = .float32, threadCount: Int = 1
  ) {
    precondition(!randomSeeds.isEmpty, "a group of generators without a random seed")
    tokenizer = model.tokenizer
    network = StreamEnsemble(
      model.models, rowCount: randomSeeds.count, precision: precision, threadCount: threadCount)
    state = network.makeState()
    tokens = Buffer(count: randomSeeds.count)
    streams = randomSeeds.map { seed in
      Stream(TokenSampler(sampling, tokenizer: model.tokenizer), randomSeed: seed)
    }
  }

  /// The number of streams.
  public var count: Int { streams.count }

  /// Every stream reads this token. The document token begins a text anew, from the zero state.
  /// - Precondition: the token is in the model's vocabulary.
  public func read(_ token: TokenID) {
    let vocabulary = tokenizer.vocabulary
    precondition(token >= 0 && Int(token) < vocabulary.count, "token \(token) of a vocabulary of \(vocabulary.count)")
    if token == vocabulary.documentID { state.reset() }
    network.step({ _ in token }, state)
    for stream in streams { stream.sampler.note(token) }
  }

  /// Each stream draws its next token and reads it; the tokens in the streams' order. Special tokens are not drawn.
  /// - Precondition: at least one token was read.
  public func next() -> [TokenID] {
    precondition(state.hasRead, "generators must read a token before they draw one")
    let (written, rows) = (tokens.view, network.logits(state))
    network.forEachRow { row in
      let stream = streams[row]
      written[row] = stream.sampler.draw(from: rows.row(row), using: &stream.random)
      stream.sampler.note(written[row])
    }
    network.step({ written[$0] }, state)
    return written.array
  }
}
