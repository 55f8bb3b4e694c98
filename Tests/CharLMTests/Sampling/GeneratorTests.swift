import CharLM
import CharLMText
import RecurrentNN
import Foundation
import Testing

@Suite struct GeneratorTests {
  private static let cells = CellKind.allCases

  private func tokens(_ generator: inout Generator, _ count: Int) -> [TokenID] {
    (0..<count).map { _ in generator.next() }
  }

  @Test("generators of a group write what each writes alone, with any number of threads", arguments: cells)
  func group(_ cell: CellKind) throws {
    let model = try TestModel.language(cell, tied: true)
    for (precision, threadCount) in [(StreamPrecision.float32, 2), (.bfloat16, 1), (.bfloat16, 3), (.int8, 2)] {
      let group = GeneratorGroup(model, capacity: 10, precision: precision, threadCount: threadCount)
      let ids = (10..<20).map { group.add([4], randomSeed: $0) }
      let together = (0..<60).map { _ in group.step() }
      for row in [0, 3, 9] {
        var alone = Generator(model, randomSeed: 10 + UInt64(row), precision: precision)
        alone.read(4)
        #expect(together.allSatisfy { $0[row].id == ids[row] })
        #expect(
          together.map { $0[row].token } == tokens(&alone, 60), "\(precision), \(threadCount) threads, row \(row)")
      }
    }
  }

  @Test("a copy goes on by itself from where the original stands", arguments: cells)
  func copies(_ cell: CellKind) throws {
    var original = Generator(try TestModel.language(cell), randomSeed: 1)
    original.read(5)
    _ = tokens(&original, 10)
    var copy = original
    let fromCopy = tokens(&copy, 30)
    #expect(tokens(&original, 30) == fromCopy)
    copy.read(7)
    var again = original
    #expect(tokens(&original, 30) == tokens(&again, 30))
  }

  @Test("the document token begins a text from the zero state, and the unknown token is not drawn", arguments: cells)
  func documents(_ cell: CellKind) throws {
    let model = try TestModel.language(cell)
    let vocabulary = model.tokenizer.vocabulary
    let document = try #require(vocabulary.documentID)
    let sampling = SamplingSettings(temperature: 0)
    var used = Generator(model, sampling: sampling, randomSeed: 1)
    for token in [document, 6, 7, 8, document] { used.read(token) }
    var new = Generator(model, sampling: sampling, randomSeed: 1)
    new.read(document)
    #expect(tokens(&used, 20) == tokens(&new, 20))
    var hot = Generator(model, sampling: SamplingSettings(temperature: 100), randomSeed: 2)
    hot.read(document)
    let drawn = Set(tokens(&hot, 500))
    let unknown = try #require(vocabulary.unknownID)
    #expect(drawn.contains(document) && !drawn.contains(unknown))
    #expect(drawn.count == 17)
  }

  @Test("samples side by side are the texts that come one by one, with a stop text and without")
  func texts() throws {
    let model = try TestModel.language(.lstm)
    let seed = try SampleSeed("ab", for: model)
    for stop in ["", "c"] {
      let samples = try writtenSideBySide(
        of: model, seed: seed, length: 40, stops: [stop], randomSeeds: [1, 2, 3])
      for sample in samples {
        var stream = TextStream(
          model, seed: seed, length: 40, stops: [stop], randomSeed: sample.randomSeed)
        var text = ""
        while let piece = stream.next() { text += piece }
        #expect(sample.text == text)
        #expect(sample.tokenCount == stream.tokenCount && sample.isStopped == stream.isStopped)
        #expect(stop.isEmpty ? text.count == 42 : sample.isStopped)
      }
    }
  }
}

@Suite struct TokenSamplerTests {
  private static let logits: [Float] = [1, 3, 2, 0, 3]

  /// How often each of the five tokens comes in 4,000 draws.
  private func shares(_ settings: SamplingSettings, after read: [Int32] = []) throws -> [Double] {
    let vocabulary = try Vocabulary(tokens: "abcde".map { Token(String($0)) })
    var sampler = TokenSampler(settings, tokenizer: Tokenizer(vocabulary: vocabulary, settings: TextSettings()))
    for token in read { sampler.note(token) }
    let logits = Buffer<Float>(count: 5)
    logits.view.copy(from: Self.logits)
    var random = SeededGenerator(seed: 1)
    var counts = [Int](repeating: 0, count: 5)
    for _ in 0..<4000 { counts[Int(sampler.draw(from: logits.view, using: &random))] += 1 }
    return counts.map { Double($0) / 4000 }
  }

  /// Softmax of logits / temperature over the kept tokens.
  private func expected(_ kept: Set<Int> = [0, 1, 2, 3, 4], temperature: Double = 1, logits: [Float] = logits)
    -> [Double]
  {
    let weights = logits.enumerated().map { kept.contains($0.offset) ? exp(Double($0.element) / temperature) : 0 }
    return weights.map { $0 / weights.reduce(0, +) }
  }

  private func expect(
    _ shares: [Double], near expected: [Double], sourceLocation: SourceLocation = #_sourceLocation
  ) {
    for (token, (share, probability)) in zip(shares, expected).enumerated() {
      // Five standard deviations, and none where the token must not come.
      let allowed = 5 * (probability * (1 - probability) / 4000).squareRoot()
      #expect(abs(share - probability) <= allowed, "token \(token)", sourceLocation: sourceLocation)
    }
  }

  @Test("tokens come as often as softmax says, at any temperature", arguments: [0.5, 1, 3])
  func temperature(_ temperature: Float) throws {
    expect(
      try shares(SamplingSettings(temperature: temperature)), near: expected(temperature: Double(temperature)))
  }

  @Test("temperature 0 and top-k 1 take the first of the likeliest")
  func greedy() throws {
    #expect(try shares(SamplingSettings(temperature: 0)) == [0, 1, 0, 0, 0])
    #expect(try shares(SamplingSettings(temperature: 1, topK: 1)) == [0, 1, 0, 0, 0])
  }

  @Test("limits leave out what they name and keep the rest's proportions")
  func limits() throws {
    expect(try shares(SamplingSettings(temperature: 1, topK: 3)), near: expected([1, 2, 4]))
    // Probabilities 0.05, 0.40, 0.15, 0.02, 0.40: two make 0.8, three 0.95.
    expect(try shares(SamplingSettings(temperature: 1, topP: 0.75)), near: expected([1, 4]))
    expect(try shares(SamplingSettings(temperature: 1, topP: 0.85)), near: expected([1, 2, 4]))
    // e^−1 = 0.37 and e^−2 = 0.135 of the likeliest.
    expect(try shares(SamplingSettings(temperature: 1, minP: 0.2)), near: expected([1, 2, 4]))
    expect(try shares(SamplingSettings(temperature: 1, topK: 3, topP: 0.7)), near: expected([1, 4]))
  }

  @Test("a temperature too small for its inverse takes the likeliest")
  func smallestTemperature() throws {
    let shares = try shares(SamplingSettings(temperature: 1e-40))
    #expect(shares[0] + shares[2] + shares[3] == 0)
    #expect(shares[1] > 0 && shares[4] > 0)
  }

  @Test("limits hold in a large vocabulary, however flat or steep it is", arguments: [0.01, 1, 30])
  func largeVocabulary(_ steepness: Float) throws {
    let count = 3000
    let tokens = (0..<count).compactMap { Unicode.Scalar(0x4E00 + $0).map { Token(String($0)) } }
    let tokenizer = Tokenizer(vocabulary: try Vocabulary(tokens: tokens), settings: TextSettings())
    let logits = Buffer<Float>(count: count)
    for token in 0..<count { logits.view[token] = -steepness * Float(token * 7919 % count) / 300 }
    let likeliest = (0..<count).sorted { (logits.view[$0], $1) > (logits.view[$1], $0) }
    var random = SeededGenerator(seed: 3)
    for (settings, allowed) in [
      (SamplingSettings(temperature: 1, topK: 50), likeliest.prefix(50)),
      (SamplingSettings(temperature: 1, topP: 0.7), likeliest.prefix(head(of: likeliest, logits.view, 0.7))),
    ] {
      var sampler = TokenSampler(settings, tokenizer: tokenizer)
      let drawn = Set((0..<500).map { _ in Int(sampler.draw(from: logits.view, using: &random)) })
      #expect(drawn.isSubset(of: allowed))
      if allowed.count <= 50, steepness < 30 { #expect(drawn.count > allowed.count * 9 / 10) }
    }
  }

  /// How many of the likeliest have this probability together, and one more for rounding.
  private func head(of likeliest: [Int], _ logits: View<Float>, _ probability: Double) -> Int {
    let weights = likeliest.map { exp(Double(logits[$0])) }
    let needed = probability * weights.reduce(0, +)
    var sum = 0.0
    let place = weights.firstIndex { weight in
      sum += weight
      return sum >= needed
    }
    return (place ?? 0) + 2
  }

  @Test("the repeat penalty divides the logits of what came lately, once")
  func penalty() throws {
    expect(
      try shares(SamplingSettings(temperature: 1, repeatPenalty: 2), after: [1, 1, 0]),
      near: expected(logits: [0.5, 1.5, 2, 0, 3]))
  }
}
