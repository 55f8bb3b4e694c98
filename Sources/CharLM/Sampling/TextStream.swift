import CharLMText
import RecurrentNN

/// A sample as text, piece by piece: the seed text first, then what the model goes on with, in whole graphemes.
///
///     for piece in TextStream(model, seedText: "hello", seed: tokens, length: 500, randomSeed: 1) { print(piece) }
public struct TextStream: Sequence, IteratorProtocol {
  private var generator: CharLM.Generator
  private var text: SampleText

  /// A stream whose generator has read the seed.
  /// - Parameters:
  ///   - seedText: what comes out first, as it is.
  ///   - seed: the seed's tokens; without any, the model's start token is read, and does not come out.
  ///   - length: the number of tokens to draw.
  ///   - stop: a text that ends the sample before it; empty for none.
  ///   - precision: what the weights are kept in; see `Generator`.
  ///   - threadCount: how many threads a step may use.
  public init(
    _ model: some TextModel, seedText: String = "", seed: TokenSequence, length: Int, stop: String = "",
    sampling: SamplingSettings = SamplingSettings(), randomSeed: UInt64, precision: Precision = .float32,
    threadCount: Int = 1
  ) {
    generator = CharLM.Generator(
      model, sampling: sampling, randomSeed: randomSeed, precision: precision, threadCount: threadCount)
    if seed.isEmpty { generator.read(model.startToken) }
    for token in seed { generator.read(token) }
    text = SampleText(model.tokenizer.vocabulary, seedText: seedText, length: length, stop: stop)
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
    of model: some TextModel, seedText: String = "", seed: TokenSequence, length: Int, stop: String = "",
    sampling: SamplingSettings = SamplingSettings(), randomSeeds: [UInt64], precision: Precision = .float32,
    threadCount: Int = 1
  ) -> [Sample] {
    let group = GeneratorGroup(
      model, sampling: sampling, randomSeeds: randomSeeds, precision: precision, threadCount: threadCount)
    if seed.isEmpty { group.read(model.startToken) }
    for token in seed { group.read(token) }
    let vocabulary = model.tokenizer.vocabulary
    var texts = randomSeeds.map { _ in SampleText(vocabulary, seedText: seedText, length: length, stop: stop) }
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

/// A sample's tokens on their way to text: whole graphemes, up to a stop text.
private struct SampleText {
  private(set) var tokenCount = 0
  private(set) var isStopped = false
  private let vocabulary: Vocabulary
  private let length: Int
  private var decoder: StreamingDecoder
  private var filter: StopFilter
  private var head: String
  private var isAtEnd = false

  init(_ vocabulary: Vocabulary, seedText: String, length: Int, stop: String) {
    self.vocabulary = vocabulary
    self.length = length
    decoder = StreamingDecoder(vocabulary: vocabulary)
    filter = StopFilter(stop: Array(stop.utf8))
    head = decoder.append(seedText.utf8)
  }

  var wantsMore: Bool { tokenCount < length && !isStopped }

  /// The seed text, as far as it is certain; empty from the second time on.
  mutating func takeHead() -> String {
    defer { head = "" }
    return head
  }

  /// Takes a token and returns what of the text it makes certain.
  mutating func append(_ token: TokenID) -> String {
    tokenCount += 1
    let bytes = filter.append(vocabulary.bytes(of: token))
    isStopped = filter.isFound
    return decoder.append(bytes)
  }

  /// What is held back at the end; empty from the second time on.
  mutating func finish() -> String {
    guard !isAtEnd else { return "" }
    isAtEnd = true
    let end = decoder.append(filter.finish())
    // What the length cut in two is left out.
    return end + (isStopped ? decoder.finish() : decoder.finishWhole())
  }
}

/// Lets bytes through up to a stop text; holds back what may be its beginning.
struct StopFilter {
  private let stop: [UInt8]
  private var held: [UInt8] = []
  private(set) var isFound = false

  init(stop: [UInt8]) { self.stop = stop }

  /// Takes bytes, and returns those that are no part of the stop text for certain.
  mutating func append(_ bytes: some Sequence<UInt8>) -> [UInt8] {
    guard !stop.isEmpty else { return Array(bytes) }
    var passed: [UInt8] = []
    for byte in bytes where !isFound {
      held.append(byte)
      while !stop.starts(with: held) { passed.append(held.removeFirst()) }
      if held.count == stop.count {
        isFound = true
        held = []
      }
    }
    return passed
  }

  /// Returns what is still held back.
  mutating func finish() -> [UInt8] {
    defer { held = [] }
    return held
  }
}
