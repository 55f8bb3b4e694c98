import CharLMText
import RecurrentNN

/// A sample as text, piece by piece: the seed first, then what the predictor continues it with, in whole graphemes.
///
///     let seed = try SampleSeed("hello", for: model.tokenizer)
///     for piece in TextStream(model, seed: seed, length: 500, randomSeed: 1) { print(piece, terminator: "") }
public struct TextStream: Sequence, IteratorProtocol {
  private var generator: CharLM.Generator
  private var text: SampleText

  /// A stream whose generator has read the seed.
  /// - Parameters:
  ///   - seed: comes out first, as it was given; without one, the predictor's start token is read, and does not come out.
  ///   - length: the number of tokens to draw.
  ///   - stop: a text that ends the sample before it; empty for none.
  ///   - precision: what a network's weights are kept in; see `StreamOptions`.
  ///   - threadCount: how many threads a step may use.
  public init(
    _ predictor: some Predictor, seed: SampleSeed = SampleSeed(), length: Int, stop: String = "",
    sampling: SamplingSettings = SamplingSettings(), randomSeed: UInt64, precision: Precision = .float32,
    threadCount: Int = 1
  ) {
    generator = CharLM.Generator(
      predictor, sampling: sampling, randomSeed: randomSeed, precision: precision, threadCount: threadCount)
    for token in seed.tokens(startingFrom: predictor.startToken) { generator.read(token) }
    text = SampleText(predictor.tokenizer.vocabulary, seedText: seed.text, length: length, stop: stop)
  }

  /// How many tokens were drawn so far.
  public var tokenCount: Int { text.tokenCount }
  /// Whether the stop text came.
  public var isStopped: Bool { text.isStopped }

  /// The next piece of text; nil at the end.
  public mutating func next() -> String? {
    let head = text.takeHead()
    if !head.isEmpty { return head }
    while text.wantsMore {
      let piece = text.append(generator.next())
      if !piece.isEmpty { return piece }
    }
    let end = text.finish()
    return end.isEmpty ? nil : end
  }

  /// Several whole samples, made side by side: much faster than one after the other, and the same texts.
  /// - Parameter randomSeeds: one for each sample.
  public static func samples(
    of predictor: some Predictor, seed: SampleSeed = SampleSeed(), length: Int, stop: String = "",
    sampling: SamplingSettings = SamplingSettings(), randomSeeds: [UInt64], precision: Precision = .float32,
    threadCount: Int = 1
  ) -> [Sample] {
    let group = GeneratorGroup(
      predictor, sampling: sampling, randomSeeds: randomSeeds, precision: precision, threadCount: threadCount)
    for token in seed.tokens(startingFrom: predictor.startToken) { group.read(token) }
    let vocabulary = predictor.tokenizer.vocabulary
    var texts = randomSeeds.map { _ in SampleText(vocabulary, seedText: seed.text, length: length, stop: stop) }
    var written = texts.indices.map { texts[$0].takeHead() }
    while texts.contains(where: \.wantsMore) {
      let tokens = group.next()
      for row in texts.indices where texts[row].wantsMore { written[row] += texts[row].append(tokens[row]) }
    }
    return texts.indices.map { row in
      let end = texts[row].finish()
      return Sample(
        randomSeed: randomSeeds[row], text: written[row] + end, tokenCount: texts[row].tokenCount,
        isStopped: texts[row].isStopped)
    }
  }
}

/// The text that a sample continues.
public struct SampleSeed: Sendable {
  /// The text as it was given.
  public let text: String
  private let tokens: [TokenID]

  /// No seed.
  public init() { (text, tokens) = ("", []) }

  /// A text in a predictor's tokens.
  /// - Parameters:
  ///   - source: what errors call it.
  ///   - onUnknown: what is done with tokens that the vocabulary lacks.
  /// - Throws: `TextError.unknownToken` where there are such tokens, and `onUnknown` does not say what to do with them.
  public init(
    _ text: String, for tokenizer: Tokenizer, source: String = "the seed", onUnknown: Tokenizer.UnknownPolicy = .error
  ) throws(TextError) {
    self.text = text
    tokens = Array(try tokenizer.encode(text, source: source, onUnknown: onUnknown))
  }

  fileprivate func tokens(startingFrom start: TokenID) -> [TokenID] { tokens.isEmpty ? [start] : tokens }
}

/// A whole sample.
public struct Sample: Hashable, Sendable {
  /// The seed of its random numbers.
  public let randomSeed: UInt64
  /// The seed text and what the model went on with.
  public let text: String
  /// How many tokens were drawn.
  public let tokenCount: Int
  /// Whether the stop text came.
  public let isStopped: Bool
}
