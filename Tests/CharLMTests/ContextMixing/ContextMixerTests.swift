import CharLMText
import Foundation
import RecurrentNN
import Testing

@testable import CharLM

@Suite("Context mixing") struct ContextMixerTests {
  private static let passage = """
    The harbour was quiet; the boats lay still. "The boats," said Anna, "lie still."
    if (boats[i] > 0) { boats[i] -= 1; }
    if (boats[j] > 0) { boats[j] -= 1; }
      The harbour was quiet, and the boats lay as still as the harbour.

    """

  private func vocabulary(_ text: String) throws -> Vocabulary {
    try Vocabulary(tokens: Set(text).map(String.init).sorted().map { Token($0) })
  }

  private func mixer(_ vocabulary: Vocabulary, _ size: ContextMixerSize) -> ContextMixer {
    let weights = (0..<vocabulary.count).map { 1 + Double($0 % 7) }
    return ContextMixer(tree: TokenTree(weights: weights), kinds: TokenKinds(vocabulary), size: size)
  }

  private static let large = ContextMixerSize(entryCount: 1 << 22, recentCount: 1 << 20, refinementCount: 1 << 17)

  /// A predictor's opinion for tests: some number within ±3 that depends on node and place.
  private static func opinion(_ node: Int, _ place: Int) -> Float { Float((node * 31 + place * 17) % 61 - 30) / 10 }

  @Test("costs are those of the plain reference, token by token", arguments: [false, true])
  func reference(hasOutside: Bool) throws {
    let text = Self.passage + Self.passage.replacingOccurrences(of: "quiet", with: "loud").prefix(120)
    let vocabulary = try vocabulary(text)
    let mixer = mixer(vocabulary, Self.large)
    var reference = ReferenceCounts(tree: mixer.tree, kinds: TokenKinds(vocabulary))
    var stream = AdaptiveCountsStream(mixer, documentID: nil)
    var (total, expectedTotal) = (0.0, 0.0)
    for (place, token) in text.enumerated() {
      let id = try #require(vocabulary.id(of: String(token)))
      let outside = { (node: Int) in hasOutside ? Self.opinion(node, place) : nil }
      let expected = reference.nats(reading: id, outside: outside)
      let found = stream.nats(reading: id) { outside(Int($0.node)) }
      // Where rounding crosses a step of the table of stretched probabilities, a cost differs in the third digit.
      #expect(abs(found - expected) < 1e-2, "token \(place), '\(token)'")
      total += found
      expectedTotal += expected
    }
    #expect(abs(total - expectedTotal) < 1e-3 * expectedTotal)
    #expect(total < 0.8 * Double(text.count) * log(Double(vocabulary.count)))
  }

  @Test("probabilities sum to one and are the costs, however little memory there is", arguments: [1 << 4, 1 << 14])
  func distribution(entryCount: Int) throws {
    var random = SeededGenerator(seed: 9)
    let vocabulary = try vocabulary(Self.passage)
    let size = ContextMixerSize(entryCount: entryCount, recentCount: 1 << 6, refinementCount: 1 << 4)
    var stream = AdaptiveCountsStream(mixer(vocabulary, size), documentID: nil)
    let passage = try Self.passage.map { try #require(vocabulary.id(of: String($0))) }
    for place in 0..<300 {
      // Passages, cut anywhere, and noise.
      let token =
        place % 100 < 70 ? passage[place % 70] : TokenID(Int.random(in: 0..<vocabulary.count, using: &random))
      var masses: TreeMasses?
      if place % 3 > 0 {
        masses = TreeMasses(stream.mixer.tree)
        let logits = (0..<vocabulary.count).map { _ in 40 * (random.uniform() - 0.5) }
        masses?.set(logits.span)
      }
      let all = stream.logProbabilities(outside: masses)
      #expect(abs(all.reduce(0) { $0 + exp($1) } - 1) < 1e-6, "place \(place)")
      #expect(abs(stream.nats(reading: token, outside: masses) + all[Int(token)]) < 1e-9, "place \(place)")
    }
  }

  @Test("a text is coded choice by choice in as many bits as its figure says, and decoded")
  func coding() throws {
    let text = Self.passage + Self.passage
    let vocabulary = try vocabulary(text)
    let tokens = try text.map { try #require(vocabulary.id(of: String($0))) }
    let size = ContextMixerSize(tokenCount: tokens.count)
    var stream = AdaptiveCountsStream(mixer(vocabulary, size), documentID: nil)
    let nats = tokens.reduce(0) { $0 + stream.nats(reading: $1) }

    var (writer, encoder) = (mixer(vocabulary, size), BinaryEncoder())
    for token in tokens {
      var (lookup, choices) = (ContextMixer.Lookup(), [ContextMixer.Choice]())
      for step in writer.tree.way(to: token) {
        var choice = writer.makeChoice()
        writer.predict(node: Int(step.node), outside: nil, &lookup, &choice)
        encoder.encode(step.bit, probabilityOfOne: choice.probability)
        choices.append(choice)
      }
      for (step, index) in zip(writer.tree.way(to: token), choices.indices) { writer.learn(step.bit, &choices[index]) }
      writer.read(token)
    }
    let bytes = encoder.finished()
    #expect(abs(Double(bytes.count * 8) - nats / log(2)) < 1e-3 * nats + 40, "\(bytes.count) bytes, \(nats) nats")

    var (reader, decoder) = (mixer(vocabulary, size), BinaryDecoder(bytes))
    for (place, token) in tokens.enumerated() {
      var (lookup, decoded) = (ContextMixer.Lookup(), [(UInt8, ContextMixer.Choice)]())
      var child: TokenTree.Child = 0
      while child >= 0 {
        var choice = reader.makeChoice()
        reader.predict(node: Int(child), outside: nil, &lookup, &choice)
        let bit = decoder.decode(probabilityOfOne: choice.probability)
        decoded.append((bit, choice))
        let children = reader.tree.children[Int(child)]
        child = bit == 1 ? children.1 : children.0
      }
      try #require(~child == token, "token \(place)")
      for index in decoded.indices { reader.learn(decoded[index].0, &decoded[index].1) }
      reader.read(token)
    }
  }
}

/// A carryless binary arithmetic coder of 32 bits: the interval is cut at the probability, and bytes that both of its ends share are
/// written.
private struct BinaryEncoder {
  private var (low, high) = (UInt32(0), UInt32.max)
  private var bytes: [UInt8] = []

  mutating func encode(_ bit: UInt8, probabilityOfOne: Float) {
    let middle = BinaryEncoder.cut(low, high, probabilityOfOne)
    if bit == 1 { high = middle } else { low = middle + 1 }
    while (low ^ high) >> 24 == 0 {
      bytes.append(UInt8(high >> 24))
      (low, high) = (low << 8, high << 8 | 255)
    }
  }

  func finished() -> [UInt8] { bytes + (0..<4).map { UInt8(truncatingIfNeeded: high >> (24 - 8 * $0)) } }

  static func cut(_ low: UInt32, _ high: UInt32, _ probability: Float) -> UInt32 {
    low + UInt32(Double(high - low) * Double(probability))
  }
}

private struct BinaryDecoder {
  private var (low, high) = (UInt32(0), UInt32.max)
  private var code: UInt32 = 0
  private var bytes: ArraySlice<UInt8>

  init(_ bytes: [UInt8]) {
    self.bytes = bytes[...]
    for _ in 0..<4 { shift() }
  }

  private mutating func shift() { code = code << 8 | UInt32(bytes.popFirst() ?? 0) }

  mutating func decode(probabilityOfOne: Float) -> UInt8 {
    let middle = BinaryEncoder.cut(low, high, probabilityOfOne)
    let bit: UInt8 = code <= middle ? 1 : 0
    if bit == 1 { high = middle } else { low = middle + 1 }
    while (low ^ high) >> 24 == 0 {
      (low, high) = (low << 8, high << 8 | 255)
      shift()
    }
    return bit
  }
}
