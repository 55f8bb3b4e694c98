import CharLMText

/// A sample as text, piece by piece: the seed text first, then what the model goes on with, in whole graphemes.
///
///     for piece in TextStream(model, seedText: "hello", seed: tokens, length: 500, randomSeed: 1) { print(piece) }
public struct TextStream: Sequence, IteratorProtocol {
  /// How many tokens were drawn so far.
  public private(set) var tokenCount = 0
  /// Whether the stop text came.
  public private(set) var isStopped = false

  private var generator: CharLM.Generator
  private var decoder: StreamingDecoder
  private var filter: StopFilter
  private var head: String?
  private let length: Int
  private var isAtEnd = false

  /// A stream whose generator has read the seed.
  /// - Parameters:
  ///   - seedText: what comes out first, as it is.
  ///   - seed: the seed's tokens; without any, the model's start token is read, and does not come out.
  ///   - length: the number of tokens to draw.
  ///   - stop: a text that ends the sample before it; empty for none.
  public init(
    _ model: LanguageModel, seedText: String = "", seed: TokenSequence, length: Int, stop: String = "",
    sampling: SamplingSettings = SamplingSettings(), randomSeed: UInt64
  ) {
    generator = CharLM.Generator(model, sampling: sampling, randomSeed: randomSeed)
    if seed.isEmpty { generator.read(model.startToken) }
    for token in seed { generator.read(token) }
    decoder = StreamingDecoder(vocabulary: model.tokenizer.vocabulary)
    filter = StopFilter(stop: Array(stop.utf8))
    self.length = length
    head = decoder.append(seedText.utf8)
  }

  /// The next piece of text; nil at the end.
  public mutating func next() -> String? {
    if let head, !head.isEmpty {
      self.head = nil
      return head
    }
    while tokenCount < length, !isStopped {
      let token = generator.next()
      tokenCount += 1
      let bytes = filter.append(generator.model.tokenizer.vocabulary.bytes(of: token))
      isStopped = filter.isFound
      let piece = decoder.append(bytes)
      if !piece.isEmpty { return piece }
    }
    guard !isAtEnd else { return nil }
    isAtEnd = true
    var end = decoder.append(filter.finish())
    // A scalar that the length cut in two is left out.
    let isCut = decoder.isWithinScalar
    end += decoder.finish()
    if isCut { end.unicodeScalars.removeLast() }
    return end.isEmpty ? nil : end
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
