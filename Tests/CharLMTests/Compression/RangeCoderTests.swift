import CharLMText
import Foundation
import RecurrentNN
import Testing

@testable import CharLM

@Suite("Range coder") struct RangeCoderTests {
  @Test("choices come back, in as many bits as they were unlikely", arguments: [0.5, 0.03, 1e-6, 1 - 1e-6] as [Float])
  func choices(_ typical: Float) throws {
    var random = SeededGenerator(seed: 5)
    var choices: [(bit: UInt8, probability: Float)] = []
    var bits = 0.0
    for place in 0..<20_000 {
      let probability = place % 3 == 0 ? min(max(random.uniform(), 1e-6), 1 - 1e-6) : typical
      let bit: UInt8 = random.uniform() < probability ? 1 : 0
      choices.append((bit, probability))
      bits -= log2(Double(bit == 1 ? probability : 1 - probability))
    }
    var encoder = RangeEncoder()
    for choice in choices { encoder.encode(choice.bit, probabilityOfOne: choice.probability) }
    let bytes = encoder.finished()
    #expect(Double(8 * bytes.count) < 1.0001 * bits + 16, "\(bytes.count) bytes, \(bits) bits")
    var decoder = RangeDecoder(bytes[...])
    for (place, choice) in choices.enumerated() {
      try #require(decoder.decode(probabilityOfOne: choice.probability) == choice.bit, "choice \(place)")
    }
    #expect(decoder.isAtEnd)
  }

  @Test("a carry goes back as far as it has to")
  func carry() throws {
    // The upper end of the interval again and again: bytes of 255, which the last choice turns or not.
    for last in [UInt64(0), 1] {
      var encoder = RangeEncoder()
      let (width, whole) = (RangeEncoder.whole / 3, RangeEncoder.whole)
      let parts =
        (0..<400).map { ($0 % 7 == 0 ? whole - width - 1 : whole - 300, whole) } + [(last * width, (last + 1) * width)]
      for part in parts { encoder.encode(from: part.0, to: part.1) }
      var decoder = RangeDecoder(encoder.finished()[...])
      for (place, part) in parts.enumerated() {
        try #require(decoder.isReached(part.0) && (part.1 == whole || !decoder.isReached(part.1)), "part \(place)")
        decoder.take(from: part.0, to: part.1)
      }
    }
  }

  @Test("nothing takes no bytes, and any bytes can be read")
  func edges() {
    #expect(RangeEncoder().finished().isEmpty)
    var random = SeededGenerator(seed: 2)
    for _ in 0..<200 {
      let bytes = (0..<20).map { _ in UInt8.random(in: 0...255, using: &random) }
      var decoder = RangeDecoder(bytes[...])
      for _ in 0..<60 { _ = decoder.decode(probabilityOfOne: 0.9) }
      let frequencies = TokenFrequencies(count: 37)
      frequencies.set([Float](repeating: 0, count: 37).span)
      for _ in 0..<60 { #expect(0..<37 ~= frequencies.decode(&decoder)) }
    }
  }

  @Test(
    "tokens come back, in as many bits as the distributions say", arguments: [1, 2, 15, 16, 17, 65, 4500],
    [Float(0.5), 12, 200])
  func tokens(_ count: Int, _ spread: Float) throws {
    var random = SeededGenerator(seed: 11)
    let frequencies = TokenFrequencies(count: count)
    var (encoder, bits): (RangeEncoder, Double) = (RangeEncoder(), 0)
    var cases: [([Float], TokenID)] = []
    for _ in 0..<300 {
      let logits = (0..<count).map { _ in spread * (random.uniform() - 0.5) }
      let largest = logits.max() ?? 0
      let weights = logits.map { exp(Double($0 - largest)) }
      let sum = weights.reduce(0, +)
      var (draw, token) = (Double(random.uniform()) * sum, 0)
      while token + 1 < count, draw >= weights[token] {
        draw -= weights[token]
        token += 1
      }
      bits -= log2(weights[token] / sum)
      frequencies.set(logits.span)
      frequencies.encode(TokenID(token), &encoder)
      cases.append((logits, TokenID(token)))
    }
    let bytes = encoder.finished()
    #expect(Double(8 * bytes.count) < 1.001 * bits + 16, "\(bytes.count) bytes, \(bits) bits")
    var decoder = RangeDecoder(bytes[...])
    for (place, (logits, token)) in cases.enumerated() {
      frequencies.set(logits.span)
      try #require(frequencies.decode(&decoder) == token, "token \(place)")
    }
  }

  @Test("every token can be coded, whatever the logits are")
  func extremes() throws {
    let rows: [[Float]] = [
      [0, -200, .infinity, 3], [.nan, 1, 2, 3], [-.infinity, -.infinity, -.infinity, -.infinity], [1e30, -1e30, 0, 1],
      [5, 5, 5, 5], [0, -.infinity, -.infinity, -.infinity],
    ]
    let frequencies = TokenFrequencies(count: 4)
    for row in rows {
      for token in TokenID(0)..<4 {
        var encoder = RangeEncoder()
        for _ in 0..<5 {
          frequencies.set(row.span)
          frequencies.encode(token, &encoder)
        }
        var decoder = RangeDecoder(encoder.finished()[...])
        for _ in 0..<5 { #expect(frequencies.decode(&decoder) == token, "\(row)") }
      }
    }
  }

  @Test("bytes come back by the bytes before them")
  func plainBytes() {
    var random = SeededGenerator(seed: 3)
    let noise = (0..<3000).map { _ in UInt8.random(in: 0...255, using: &random) }
    for bytes in [[], [7], Array("the sea, the sea, the sea".utf8), noise, [UInt8](repeating: 0, count: 5000)] {
      let coded = PlainBytes.encoded(bytes)
      #expect(PlainBytes.decoded(coded[...], count: bytes.count) == bytes)
      #expect(coded.count < bytes.count + bytes.count / 16 + 3)
    }
    #expect(PlainBytes.encoded([UInt8](repeating: 0, count: 5000)).count < 40)
  }
}
