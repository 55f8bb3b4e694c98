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

  /// A stream whose generator has read the seed.
  /// - Parameters:
  ///   - seed: comes out first, as it was given; without one, the predictor's start token is read, and does not come out.
  ///   - length: the number of tokens to draw; with `documents`, the most that one of them may have before it is ended.
  ///   - documents: how many whole documents to write, each with its separator after it, and each beginning with the
  ///     seed's last document; nil for a length instead.
  ///   - stops: texts that end the sample, before the first of them.
  ///   - precision: what a network's weights are kept in; see `StreamOptions`.
  ///   - threadCount: how many threads a step may use.
  /// - Precondition: the predictor knows documents where some are asked for.
  public init(
    _ predictor: some Predictor, seed: SampleSeed = SampleSeed(), length: Int, documents: Int? = nil,
    stops: [String] = [], sampling: SamplingSettings = SamplingSettings(), randomSeed: UInt64,
    precision: StreamPrecision = .float32, threadCount: Int = 1
  ) {
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
    guard let given = text.givenToken else { return generator.next() }
    generator.read(given)
    return given
  }

  /// Several whole samples, made side by side: much faster than one after the other, and the same texts.
  /// - Parameter randomSeeds: one for each sample.
  /// - Precondition: the predictor knows documents where some are asked for.
  public static func samples(
    of predictor: some Predictor, seed: SampleSeed = SampleSeed(), length: Int, documents: Int? = nil,
    stops: [String] = [], sampling: SamplingSettings = SamplingSettings(), randomSeeds: [UInt64],
    precision: StreamPrecision = .float32, threadCount: Int = 1
  ) -> [Sample] {
    let group = GeneratorGroup(
      predictor, sampling: sampling, randomSeeds: randomSeeds, precision: precision, threadCount: threadCount)
    for token in seed.tokens(startingFrom: predictor.startToken) { group.read(token) }
    var texts = randomSeeds.map { _ in
      SampleText(of: predictor, seed: seed, length: length, documents: documents, stops: stops)
    }
    var written = texts.indices.map { texts[$0].takeHead() }
    while texts.contains(where: \.wantsMore) {
      let tokens = group.next { texts[$0].givenToken }
      for row in texts.indices where texts[row].wantsMore { written[row] += texts[row].append(tokens[row]) }
    }
    return texts.indices.map { row in
      let end = texts[row].finish()
      return Sample(
        randomSeed: randomSeeds[row], text: written[row] + end, tokenCount: texts[row].tokenCount,
        isStopped: texts[row].isStopped, documents: texts[row].documents)
    }
  }
}
