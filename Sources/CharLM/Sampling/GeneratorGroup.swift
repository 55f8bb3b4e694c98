import CharLMText
import RecurrentNN

/// Several streams of one predictor that write side by side, each with random numbers of its own.
///
/// A weight that is read for one stream serves them all, so that many samples cost little more than a few. A stream's
/// tokens are those that a `Generator` with its random seed writes, however many run beside it.
public final class GeneratorGroup {
  /// How its tokens become text.
  public let tokenizer: Tokenizer
  private let streams: any StreamGroup
  private let writers: [Writer]
  private let tokens: Buffer<Int32>  // (M): what each stream wrote last
  private let candidateCount: Int?
  private var hasRead = false

  private final class Writer {
    var sampler: TokenSampler
    var random: SeededGenerator
    var drawn: DrawnToken?

    init(_ sampler: TokenSampler, randomSeed: UInt64) {
      self.sampler = sampler
      random = SeededGenerator(seed: randomSeed)
    }
  }

  /// Streams that have read nothing, one for each random seed.
  /// - Parameters:
  ///   - precision: what a network's weights are kept in; see `StreamOptions`.
  ///   - threadCount: how many threads a step may use.
  ///   - candidateCount: how many of the likeliest tokens `drawn` has beside each one; nil where `drawn` is not needed.
  public init(
    _ predictor: some Predictor, sampling: SamplingSettings = SamplingSettings(), randomSeeds: [UInt64],
    precision: StreamPrecision = .float32, threadCount: Int = 1, candidateCount: Int? = nil
  ) {
    self.candidateCount = candidateCount
    require(!randomSeeds.isEmpty, "a group of generators without a random seed")
    tokenizer = predictor.tokenizer
    streams = predictor.makeStreams(
      count: randomSeeds.count, StreamOptions(precision: precision, threadCount: threadCount))
    tokens = Buffer(count: randomSeeds.count)
    // Which tokens a filter concerns is found once; what each has seen is its writer's own.
    let (filters, vocabularyCount) = (
      sampling.filters(for: predictor.tokenizer), predictor.tokenizer.vocabulary.count
    )
    writers = randomSeeds.map { seed in
      Writer(TokenSampler(filters, vocabularyCount: vocabularyCount), randomSeed: seed)
    }
  }

  /// The number of streams.
  public var count: Int { writers.count }

  /// What each stream drew last, with the predictor's probabilities; nil where it did not draw, or where the group was
  /// made without `candidateCount`.
  public var drawn: [DrawnToken?] { writers.map(\.drawn) }

  /// Every stream reads this token. The document token begins a new text.
  /// - Precondition: the token is in the vocabulary.
  public func read(_ token: TokenID) {
    streams.read { _ in token }
    for writer in writers { writer.sampler.note(token) }
    hasRead = true
  }

  /// Each stream draws its next token and reads it; the tokens in the streams' order. The document token ends a document
  /// of its stream; the unknown token is not drawn.
  /// - Precondition: at least one token was read.
  public func next() -> [TokenID] { next { _ in nil } }

  /// The same, where some streams do not draw.
  /// - Parameter given: the token that a stream reads instead of one that it draws; nil to draw.
  package func next(given: (Int) -> TokenID?) -> [TokenID] {
    require(hasRead, "generators must read a token before they draw one")
    let (written, writers, candidateCount) = (tokens.view, writers, candidateCount)
    let givenTokens = writers.indices.map(given)
    streams.forEachStream { number, logits in
      let writer = writers[number]
      written[number] = givenTokens[number] ?? writer.sampler.draw(from: logits, using: &writer.random)
      writer.drawn =
        givenTokens[number] == nil
        ? candidateCount.map { count in
          DrawnToken(written[number], from: logits, candidateCount: count)
        } : nil
      writer.sampler.note(written[number])
    }
    streams.read { written[$0] }
    return written.array
  }
}
