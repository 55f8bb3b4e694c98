import CharLMText
import RecurrentNN

/// A sample as text, piece by piece: the seed first, then what the predictor continues it with, in whole graphemes.
///
///     let seed = try SampleSeed("hello", for: model)
///     for piece in TextStream(model, seed: seed, length: 500, randomSeed: 1) { print(piece, terminator: "") }
///
/// A predictor that knows documents, such as names or poems, ends them: their separator is written, and the next begins
/// from the zero state. A sample may be so many whole documents instead of a length.
public struct TextStream: Sequence, IteratorProtocol {
  private var generator: CharLM.Generator
  private var text: SampleText
  private let candidateCount: Int?
  /// The tokens that were drawn so far, with the predictor's probabilities, where they were asked for; else empty.
  public private(set) var drawn: [DrawnToken] = []

  /// A stream whose generator has read the seed.
  /// - Parameters:
  ///   - seed: comes out first, as it was given; without one, the predictor's start token is read, and does not come out.
  ///   - length: the number of tokens to draw; with `documents`, the most that one of them may have before it is ended.
  ///   - documents: how many whole documents to write, each with its separator after it, and each beginning with the
  ///     seed's last document; nil for a length instead.
  ///   - stops: texts that end the sample, before the first of them.
  ///   - precision: what a network's weights are kept in; see `StreamOptions`.
  ///   - threadCount: how many threads a step may use.
  ///   - candidateCount: how many of the likeliest tokens `drawn` has beside each one; nil where `drawn` is not needed.
  /// - Precondition: the predictor knows documents where some are asked for.
  public init(
    _ predictor: some Predictor, seed: SampleSeed = SampleSeed(), length: Int, documents: Int? = nil,
    stops: [String] = [], sampling: SamplingSettings = SamplingSettings(), randomSeed: UInt64,
    precision: StreamPrecision = .float32, threadCount: Int = 1, candidateCount: Int? = nil
  ) {
    self.candidateCount = candidateCount
    generator = CharLM.Generator(
      predictor, sampling: sampling, randomSeed: randomSeed, precision: precision, threadCount: threadCount)
    for token in seed.tokens(startingFrom: predictor.startToken) { generator.read(token) }
    text = SampleText(of: predictor, seed: seed, length: length, documents: documents, stops: stops)
  }

  /// How many tokens were drawn so far.
  public var tokenCount: Int { text.tokenCount }
  /// Whether a stop text came.
  public var isStopped: Bool { text.isStopped }

  /// The next piece of text; nil at the end.
  public mutating func next() -> String? {
    let head = text.takeHead()
    if !head.isEmpty { return head }
    while text.wantsMore {
      let piece = text.append(nextToken())
      if !piece.isEmpty { return piece }
    }
    let end = text.finish()
    return end.isEmpty ? nil : end
  }

  private mutating func nextToken() -> TokenID {
    if let given = text.givenToken {
      generator.read(given)
      return given
    }
    guard let candidateCount else { return generator.next() }
    drawn.append(generator.next(candidateCount: candidateCount))
    return drawn[drawn.count - 1].token
  }
}
