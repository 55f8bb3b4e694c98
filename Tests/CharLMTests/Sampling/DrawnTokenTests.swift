import CharLM
import CharLMText
import RecurrentNN
import Testing

/// What is known of a token that was drawn.
@Suite struct DrawnTokenTests {
  @Test("a drawn token has its own log-probability and the likeliest ones of its place, before any filter")
  func probabilities() throws {
    let model = try TestModel.language(.gru)
    let sampling = SamplingSettings(temperature: 2, topK: 3)
    var (plain, shown) = (
      Generator(model, sampling: sampling, randomSeed: 4), Generator(model, sampling: sampling, randomSeed: 4)
    )
    plain.read(3)
    shown.read(3)
    for count in [0, 1, 5, 18, 40] {
      let expected = shown.logProbabilities
      let drawn = shown.next(candidateCount: count)
      #expect(drawn.token == plain.next(), "the same tokens are drawn")
      #expect(drawn.logProbability == expected[Int(drawn.token)])
      let likeliest = expected.indices.sorted { (expected[$0], $1) > (expected[$1], $0) }.prefix(count)
      #expect(drawn.candidates.map { Int($0.token) } == Array(likeliest))
      #expect(drawn.candidates.map(\.logProbability) == likeliest.map { expected[$0] })
    }
  }

  @Test("a token without any probability is no candidate")
  func impossible() throws {
    let tokenizer = Tokenizer(
      vocabulary: try Vocabulary(tokens: ["a", "b", "c"].map { Token($0) }), settings: TextSettings())
    var generator = Generator(
      Unigram(tokenizer: tokenizer, logits: [0, -.infinity, 0]), sampling: SamplingSettings(temperature: 1),
      randomSeed: 1)
    generator.read(0)
    let drawn = generator.next(candidateCount: 3)
    #expect(drawn.candidates.map(\.token) == [0, 2])
    #expect(drawn.candidates.allSatisfy { abs($0.logProbability + 0.693_147) < 1e-5 })
  }

  @Test("streams, samples side by side and texts of a shape have what was drawn, and nothing where it is not asked for")
  func samples() throws {
    let model = try TestModel.language(.lstm)
    let seed = try SampleSeed("ab", for: model)
    var stream = TextStream(model, seed: seed, length: 30, randomSeed: 2, candidateCount: 2)
    while stream.next() != nil {}
    let group = try writtenSideBySide(of: model, seed: seed, length: 30, randomSeeds: [1, 2], candidateCount: 2)
    #expect(stream.drawn.count == 30 && stream.drawn == group[1].drawn)
    #expect(model.tokenizer.decode(stream.drawn.map(\.token)).count <= 30)
    let mean = stream.drawn.map { Double($0.logProbability) }.reduce(0, +) / 30
    #expect(abs(stream.drawn.meanLogProbability - mean) < 1e-9 && [DrawnToken]().meanLogProbability == 0)
    #expect(try writtenSideBySide(of: model, seed: seed, length: 5, randomSeeds: [1])[0].drawn.isEmpty)
    let shape = try ExpressionConstraint(TextExpression("[a-c]{6}"))
    let shaped = ConstrainedText(model, shape, seed: seed, length: 9, candidateCount: 1)
    let sample = try #require(try shaped.sample(randomSeed: 3))
    let text = String(decoding: model.tokenizer.decode(sample.drawn.map(\.token)), as: UTF8.self)
    #expect("ab" + text == sample.text && sample.drawn.allSatisfy { $0.candidates.count == 1 })
  }

  @Test("of documents, what is read and not drawn has no probability")
  func documents() throws {
    let model = try TestModel.language(.lstm)
    let seed = try SampleSeed("a", for: model)
    let sample = try writtenSideBySide(
      of: model, seed: seed, length: 3, documents: 4, randomSeeds: [9], candidateCount: 0)[0]
    let document = model.tokenizer.vocabulary.documentID
    let endCount = sample.drawn.count { $0.token == document }
    // A document's length is at most 3, after which its end is given; the seed is read before each.
    #expect(sample.drawn.count + (4 - endCount) == sample.tokenCount)
  }
}
