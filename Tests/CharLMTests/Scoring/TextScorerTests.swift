import CharLMData
import CharLMText
import Foundation
import RecurrentNN
import Testing

@testable import CharLM

@Suite("Scores of a text") struct TextScorerTests {
  /// The letters a to p without order.
  private static let letters: String = {
    var random = SeededGenerator(seed: 9)
    let bytes: [UInt8] = (0..<5000).map { _ in UInt8(0x61 + Int.random(in: 0..<16, using: &random)) }
    return String(decoding: bytes, as: UTF8.self)
  }()

  private func scores<Model: Predictor>(
    _ model: Model, _ text: PlacedText, counts: AdaptiveCounts? = nil, guessCount: Int = 3, threadCount: Int = 1
  ) throws -> [TokenScore] {
    let scorer = TextScorer(model, text, mixedWith: counts, guessCount: guessCount, threadCount: threadCount)
    var all: [TokenScore] = []
    while let scores = try scorer.next() { all += scores }
    return all
  }

  @Test("surprisal is what evaluate says, and the likeliest tokens are those of the logits")
  func agreement() throws {
    let model = try TestModel.language(.lstm)
    let text = try PlacedText(text: Self.letters, tokenizer: model.tokenizer)
    let all = try scores(model, text, threadCount: 2)
    let nats = try #require(try model.evaluate(text.evaluation, keepsTokenNats: true).tokenNats)
    #expect(all.count == nats.count + 1 && all[0].bits == nil && all[0].likeliest.isEmpty)
    for (score, loss) in zip(all.dropFirst(), nats) {
      #expect(score.bits == Evaluation.bits(nats: Double(loss)), "token \(score.index)")
    }
    var stream = model.makeStream()
    for score in all.prefix(300) {
      if score.index > 0 {
        let ranked = stream.logProbabilities.enumerated().sorted { $0.element > $1.element }.prefix(3)
        #expect(score.likeliest.map(\.token) == ranked.map { TokenID($0.offset) }, "token \(score.index)")
        for (guess, known) in zip(score.likeliest, ranked) {
          #expect(abs(guess.probability - exp(known.element)) < 1e-5, "token \(score.index)")
        }
      }
      stream.read(score.token)
    }
  }

  @Test("any predictor scores, and mixed with counts the bits are those of the mixture")
  func mixed() throws {
    let model = try TestModel.language(.gru)
    let text = try PlacedText(text: String(Self.letters.prefix(700)), tokenizer: model.tokenizer)
    let counts = AdaptiveCounts(tokenizer: model.tokenizer, expectedCount: 700)
    let expected = try model.evaluate(text.evaluation, mixedWith: counts).mixedTokenNats
    let found = try scores(model, text, counts: counts).dropFirst()
    #expect(found.count == expected.count)
    for (score, nats) in zip(found, expected) {
      // What evaluate hands out is rounded to a float.
      #expect(abs((score.bits ?? 0) - Evaluation.bits(nats: Double(nats))) < 1e-5, "token \(score.index)")
    }
    let ngrams = try NGramModel(tokenizer: model.tokenizer, text: text.evaluation.tokens, order: 3)
    let alone = try scores(ngrams, text, guessCount: 99)
    let sum = alone.reduce(0) { $0 + ($1.bits ?? 0) }
    #expect(abs(sum - (try ngrams.evaluate(text.evaluation).sums.bits)) < 0.01)
    #expect(alone[1].likeliest.count == model.tokenizer.vocabulary.count)
    #expect(abs(alone[9].likeliest.reduce(0) { $0 + $1.probability } - 1) < 1e-4)
  }
}

@Suite("The most surprising words and lines") struct SurpriseSearchTests {
  private func tokenizer() throws -> Tokenizer {
    let letters = "abcdefghijklmnopqrstuvwxyz \n'é".map { Token(String($0)) }
    return Tokenizer(vocabulary: try Vocabulary(tokens: letters), settings: TextSettings())
  }

  /// What a search finds where some places, by their offsets, cost 20 bits and all others 1.
  private func found(_ words: String, at places: Set<Int>, limit: Int = 3) throws -> SurprisingParts {
    let text = try PlacedText(text: words, tokenizer: tokenizer(), onUnknown: .skip)
    var search = SurpriseSearch(text, limit: limit)
    var ranges = text.places
    for (index, token) in try text.evaluation.tokens.tokens().enumerated() {
      let range = ranges.next(token)
      let bits = index == 0 ? nil : places.contains(range.lowerBound) ? 20.0 : 1
      search.add(TokenScore(index: index, token: token, range: range, bits: bits, likeliest: []))
    }
    return search.finish()
  }

  private func word(_ part: SurprisingPart, _ words: String) -> String {
    String(decoding: Array(words.utf8)[part.range], as: UTF8.self)
  }

  @Test("a surprise belongs to its word, and one after a word to that word, with line and column")
  func words() throws {
    let text = "the cat sat\non thé matt\nand so on\n"
    let parts = try found(text, at: [16, 23])
    #expect(word(parts.words[0], text) == "thé" && parts.words[0].line == 2 && parts.words[0].column == 4)
    #expect(parts.words[0].peak.range == 16..<17 && parts.words[0].bits == 22)
    #expect(word(parts.words[1], text) == "matt")
    let ended = try found("the ca sat", at: [6])
    #expect(word(ended.words[0], "the ca sat") == "ca" && ended.words[0].bits == 2)
    #expect(parts.words.count == 3)
  }

  @Test("a line is surprising for its length, and a word is listed once")
  func lines() throws {
    let text = "abcdefgh ijklmnop\nqqq zzz\nabcdefgh ijklmnop\n"
    let parts = try found(text, at: [18, 22], limit: 2)
    #expect(parts.lines.map(\.line) == [2, 1] || parts.lines.map(\.line) == [2, 3])
    #expect(parts.lines[0].strength > 0 && parts.lines[1].strength < 0)
    #expect(parts.lines[0].range == 18..<25 && parts.lines[0].tokenCount == 8)
    let twice = try found("go cat go cat go dog", at: [4, 11, 18], limit: 5)
    #expect(twice.words.map { word($0, "go cat go cat go dog") }.sorted() == ["cat", "dog", "go"])
  }

  @Test("a search for nothing finds nothing")
  func nothing() throws {
    let parts = try found("the cat sat\non thé matt\n", at: [16], limit: 0)
    #expect(parts.words.isEmpty && parts.lines.isEmpty)
  }

  @Test("lines that the model does not know, or that separate documents, count")
  func unknownLines() throws {
    let text = "ab\nXYZ\nab cd"
    let parts = try found(text, at: [10])
    #expect(parts.words[0].line == 3 && parts.words[0].column == 4)
    let blank = try found("\n\n\nab", at: [3])
    #expect(blank.words[0].line == 4)
  }
}
