import CharLM
import CharLMText
import Foundation
import RecurrentNN
import Testing

/// Beams against all texts there are.
@Suite struct BeamSearchTests {
  private func bigrams() throws -> Bigrams {
    let vocabulary = try Vocabulary(
      tokens: [.special(.document), .special(.unknown)] + "abc".map { Token(String($0)) })
    var random = SeededGenerator(seed: 21)
    let logits = (0..<5).map { _ in (0..<5).map { _ in 3 * random.uniform() } }
    return Bigrams(tokenizer: Tokenizer(vocabulary: vocabulary, settings: TextSettings()), logits: logits)
  }

  /// Every text of at most so many tokens with ln p of its tokens: ended by the document token, or of full length.
  private func all(_ bigrams: Bigrams, length: Int) -> [(text: String, mean: Double)] {
    var open: [(text: String, last: Int, sum: Double)] = [("", 0, 0)]
    var texts: [(String, Double)] = []
    for count in 1...length {
      var next: [(text: String, last: Int, sum: Double)] = []
      for (text, last, sum) in open {
        let row = bigrams.logits[last].map { exp(Double($0)) }
        for token in [0, 2, 3, 4] {
          let reached = sum + log(row[token] / row.reduce(0, +))
          let written = token == 0 ? text : text + ["a", "b", "c"][token - 2]
          if token == 0 || count == length {
            texts.append((written, reached / Double(count)))
          } else {
            next.append((written, token, reached))
          }
        }
      }
      open = next
    }
    return texts.sorted { $0.1 > $1.1 }
  }

  @Test("a beam that is wide enough finds the best of all texts, in order", arguments: [1, 3, 5])
  func exhaustive(_ length: Int) throws {
    let bigrams = try bigrams()
    let expected = all(bigrams, length: length)
    let found = try BeamSearch(bigrams, width: 400, length: length).texts()
    #expect(found.count == min(expected.count, 400))
    let own = Dictionary(expected.map { ($0.text, $0.mean) }, uniquingKeysWith: max)
    for (sample, best) in zip(found, expected) {
      // Texts of the same pairs of letters are equally good.
      let mean = sample.meanLogProbability ?? 0
      #expect(abs(mean - best.mean) < 1e-5 && own[sample.text].map { abs($0 - mean) < 1e-5 } == true, "\(sample.text)")
    }
    // A narrow one finds texts that there are, with their own figures, and no better ones.
    let narrow = try BeamSearch(bigrams, width: 2, length: length).texts()
    #expect(narrow.count == 2 && (narrow[0].meanLogProbability ?? 0) <= expected[0].mean + 1e-6)
    for sample in narrow { #expect(expected.contains { $0.text == sample.text }) }
  }

  @Test("a beam of one takes the likeliest token each time, as temperature 0 does")
  func greedy() throws {
    let model = try TestModel.language(.lstm)
    let seed = try SampleSeed("ab", for: model)
    let document = try #require(model.tokenizer.vocabulary.documentID)
    var settings = SamplingSettings(temperature: 0)
    settings.forbidden = try UnicodeSet("[p]")
    let greedy = try writtenSideBySide(
      of: model, seed: seed, length: 12, sampling: settings, randomSeeds: [1], candidateCount: 0)
    let isWithoutEnd = greedy[0].drawn.allSatisfy { $0.token != document }
    let beam = try BeamSearch(model, width: 1, seed: seed, length: 12, sampling: settings).texts()
    #expect(beam.count == 1 && (!isWithoutEnd || beam[0].text == greedy[0].text))
    if isWithoutEnd { #expect(abs((beam[0].meanLogProbability ?? 0) - greedy[0].drawn.meanLogProbability) < 1e-4) }
  }

  @Test("a beam keeps to a constraint")
  func constraint() throws {
    let bigrams = try bigrams()
    let grammar = try GrammarConstraint(Grammar("root ::= [ab]{2} \"c\"? | \"c\" root"))
    let found = try BeamSearch(bigrams, width: 30, constraint: grammar, length: 4).texts()
    let texts = found.map(\.text)
    #expect(Set(texts).count == texts.count && texts.count > 8)
    for text in texts { #expect(text.wholeMatch(of: try Regex("c*[ab]{2}c?")) != nil && text.count <= 4, "\(text)") }
    let long = try GrammarConstraint(Grammar("root ::= [ab]{5}"))
    #expect(try BeamSearch(bigrams, width: 3, constraint: long, length: 4).texts().isEmpty)
    let impossible = try GrammarConstraint(Grammar("root ::= \"d\""))
    #expect(throws: ConstraintError.self) { try BeamSearch(bigrams, width: 3, constraint: impossible, length: 4) }
  }
}
