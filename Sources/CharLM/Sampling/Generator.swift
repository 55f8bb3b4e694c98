import CharLMText
import RecurrentNN

/// A predictor that reads and writes tokens one by one: a value that holds a state.
///
/// A copy goes on from where the original stands; beams, backing up and undo are copies. Copies share scratch memory
/// and belong to one thread; for another thread make another generator.
public struct Generator {
  /// How its tokens become text.
  public let tokenizer: Tokenizer
  private(set) var stream: any PredictorStream
  private(set) var sampler: TokenSampler
  private var random: SeededGenerator
  /// What was read last.
  private var lastToken: TokenID?

  /// A generator that has read nothing.
  /// - Parameters:
  ///   - sampling: how tokens are drawn.
  ///   - precision: what a network's weights are kept in; see `StreamOptions`.
  ///   - threadCount: how many threads a step may use. Their number does not change what is written.
  public init(
    _ predictor: some Predictor, sampling: SamplingSettings = SamplingSettings(), randomSeed: UInt64,
    precision: StreamPrecision = .float32, threadCount: Int = 1
  ) {
    self.init(
      predictor, filters: sampling.filters(for: predictor.tokenizer), randomSeed: randomSeed, precision: precision,
      threadCount: threadCount)
  }

  /// A generator that draws through filters of one's own choice, in their order.
  public init(
    _ predictor: some Predictor, filters: [any SamplingFilter], randomSeed: UInt64,
    precision: StreamPrecision = .float32, threadCount: Int = 1
  ) {
    tokenizer = predictor.tokenizer
    stream = predictor.makeStream(StreamOptions(precision: precision, threadCount: threadCount))
    sampler = TokenSampler(filters, vocabularyCount: predictor.tokenizer.vocabulary.count)
    random = SeededGenerator(seed: randomSeed)
  }

  /// Reads a token: the state moves on. The document token begins a new text.
  /// - Precondition: the token is in the vocabulary.
  public mutating func read(_ token: TokenID) {
    stream.read(token)
    sampler.note(token)
    lastToken = token
  }

  /// log p of every token that may come next, in nats, before any filter.
  /// - Precondition: at least one token was read.
  public var logProbabilities: [Float] { stream.logProbabilities }

  /// Calls `body` with the logits of what comes next, (V).
  func withLogits<Result>(_ body: (Span<Float>) -> Result) -> Result {
    require(lastToken != nil, "a generator must read a token before it draws one")
    return stream.withLogits(body)
  }

  /// A seed for random numbers that nobody has used yet.
  package mutating func nextRandomSeed() -> UInt64 { random.next() }

  /// Goes on with another generator's random numbers, so that the same draws are not made again.
  package mutating func continueRandomNumbers(of other: Generator) { random = other.random }

  /// Draws in another way from here on.
  /// - Parameter tokens: what was read so far, of which filters take note.
  package mutating func change(sampling: SamplingSettings, after tokens: [TokenID]) {
    sampler = TokenSampler(sampling, tokenizer: tokenizer)
    for token in tokens.suffix(Generator.notedCount) { sampler.note(token) }
  }

  /// No filter looks back further.
  private static let notedCount = 4096

  /// Draws the next token, reads it and returns it. The document token ends a document, and the next begins from the zero
  /// state; the unknown token is not drawn, unless the filters are one's own.
  /// - Precondition: at least one token was read.
  public mutating func next() -> TokenID {
    let token = withLogits { sampler.draw(from: $0, using: &random) }
    read(token)
    return token
  }

  /// As `next()`, with the predictor's probability of the token and the likeliest ones of its place.
  /// - Parameter candidateCount: how many of the likeliest; 0 for none.
  /// - Precondition: at least one token was read.
  public mutating func next(candidateCount: Int) -> DrawnToken {
    let drawn = withLogits { logits in
      let token = sampler.draw(from: logits, using: &random)
      return DrawnToken(token, from: logits, candidateCount: candidateCount)
    }
    read(drawn.token)
    return drawn
  }
}
