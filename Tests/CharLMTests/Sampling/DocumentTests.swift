import CharLMData
import CharLMText
import Foundation
import RecurrentNN
import Testing

@testable import CharLM

/// What a predictor that knows documents writes.
@Suite("Samples of documents") struct DocumentTests {
  private static let document: TokenID = 0

  /// Bigrams over a document token, an unknown token, a, b and c.
  private func bigrams(separator: String? = nil, seed: UInt64 = 5) throws -> DocumentBigrams {
    let vocabulary = try Vocabulary(
      tokens: [.special(.document), .special(.unknown)] + ["a", "b", "c"].map { Token($0) })
    var random = SeededGenerator(seed: seed)
    let logits = (0..<5).map { _ in (0..<5).map { _ in 2 * random.uniform() } }
    return DocumentBigrams(
      bigrams: Bigrams(tokenizer: Tokenizer(vocabulary: vocabulary, settings: TextSettings()), logits: logits),
      documentSeparator: separator)
  }

  private let plain = SamplingSettings(temperature: 1)

  @Test("the document token is drawn as often as its probability says, the unknown token never")
  func frequency() throws {
    let bigrams = try bigrams()
    var generator = Generator(bigrams, sampling: plain, randomSeed: 3)
    generator.read(3)
    var counts = [Int](repeating: 0, count: 5)
    for _ in 0..<4000 {
      counts[Int(generator.next())] += 1
      generator.read(3)
    }
    let weights = bigrams.bigrams.logits[3].enumerated().map { $0.offset == 1 ? 0 : exp(Double($0.element)) }
    let sum = weights.reduce(0, +)
    #expect(counts[1] == 0)
    // χ² of four outcomes, three degrees of freedom: 0.01 % of fair draws are above 21.1.
    let chiSquare = [0, 2, 3, 4].reduce(0.0) { total, token in
      let expected = 4000 * weights[token] / sum
      return total + (Double(counts[token]) - expected) * (Double(counts[token]) - expected) / expected
    }
    #expect(chiSquare < 21.1)
  }

  @Test("where a document ends, its separator is written", arguments: ["\n", "|", "\n\n", nil])
  func separators(_ separator: String?) throws {
    let bigrams = try bigrams(separator: separator)
    var generator = Generator(bigrams, sampling: plain, randomSeed: 8)
    generator.read(Self.document)
    let tokens = (0..<200).map { _ in generator.next() }
    let expected = tokens.map { $0 == 0 ? separator ?? "\n" : ["a", "b", "c"][Int($0) - 2] }.joined()
    let text = TextStream(bigrams, length: 200, sampling: plain, randomSeed: 8).joined()
    #expect(text == expected)
    #expect(tokens.contains(Self.document))
  }

  @Test("so many whole documents are written, alone and side by side", arguments: [1, 2, 7])
  func wholeDocuments(_ count: Int) throws {
    let bigrams = try bigrams(separator: "|")
    let samples = try writtenSideBySide(
      of: bigrams, length: 1000, documents: count, sampling: plain, randomSeeds: [1, 2, 3])
    for sample in samples {
      #expect(sample.documents.count == count)
      #expect(sample.text == sample.documents.map { $0 + "|" }.joined())
      let alone = TextStream(
        bigrams, length: 1000, documents: count, sampling: plain, randomSeed: sample.randomSeed)
      #expect(alone.joined() == sample.text)
    }
    #expect(Set(samples.map(\.text)).count == 3)
  }

  @Test("of a network, documents after the first are those of a fresh state", arguments: CellKind.allCases)
  func freshState(_ cell: CellKind) throws {
    let model = try TestModel.language(cell)
    let samples = try writtenSideBySide(of: model, length: 30, documents: 5, sampling: plain, randomSeeds: [4, 5])
    for sample in samples {
      #expect(sample.documents.count == 5)
      #expect(sample.documents.allSatisfy { $0.count <= 30 })
      let alone = TextStream(model, length: 30, documents: 5, sampling: plain, randomSeed: sample.randomSeed)
      #expect(alone.joined() == sample.text)
    }
    var greedy = Generator(model, sampling: SamplingSettings(temperature: 0), randomSeed: 1)
    greedy.read(Self.document)
    let first = (0..<10).map { _ in greedy.next() }
    greedy.read(Self.document)
    #expect((0..<10).map { _ in greedy.next() } == first)
  }

  @Test("a document that does not end is ended at its greatest length")
  func longest() throws {
    var bigrams = try bigrams(separator: "|")
    for row in bigrams.bigrams.logits.indices { bigrams.bigrams.logits[row][0] = -.infinity }
    let samples = try writtenSideBySide(of: bigrams, length: 6, documents: 3, sampling: plain, randomSeeds: [1, 2])
    for sample in samples {
      #expect(sample.documents.map(\.count) == [6, 6, 6])
      #expect(sample.text == sample.documents.map { $0 + "|" }.joined())
      #expect(sample.tokenCount == 21)
    }
  }

  @Test("a stop text ends a sample of documents, also in a separator")
  func stop() throws {
    let bigrams = try bigrams(separator: "|")
    let sample = try writtenSideBySide(
      of: bigrams, length: 100, documents: 50, stops: ["|a"], sampling: plain, randomSeeds: [3])[0]
    #expect(sample.isStopped && !sample.text.contains("|a"))
    let whole = TextStream(bigrams, length: 100, documents: 50, sampling: plain, randomSeed: 3).joined()
    #expect(whole.hasPrefix(sample.text + "|a"))
  }

  @Test("a seed begins a document, and separators in it become document tokens")
  func seeds() throws {
    func tokens(_ text: String, _ separator: String?) throws -> [TokenID] {
      try SampleSeed(text, for: try bigrams(separator: separator)).tokens(startingFrom: 9)
    }
    #expect(try tokens("ab", "\n") == [0, 2, 3])
    #expect(try tokens("ab\nc", "\n") == [0, 2, 3, 0, 4])
    #expect(try tokens("ab\n", "\n") == [0, 2, 3, 0])
    #expect(try tokens("\nab\n\nc", "\n") == [0, 2, 3, 0, 4])
    #expect(try tokens("", "\n") == [0])
    #expect(try tokens("ab--c", "--") == [0, 2, 3, 0, 4])
    #expect(
      try tokens("ab\nc", nil) == [0, 2, 3, 1, 4], "where files were documents, a line feed is text like other text")
    let sample = try writtenSideBySide(
      of: try bigrams(separator: "\n"), seed: try SampleSeed("ab\nc", for: bigrams(separator: "\n")), length: 100,
      documents: 2, sampling: plain, randomSeeds: [1])[0]
    #expect(sample.documents.count == 2 && sample.documents.allSatisfy { $0.hasPrefix("c") })
    #expect(sample.text == "ab\n" + sample.documents.map { $0 + "\n" }.joined())
  }

  @Test("each document begins with the seed, and is what a stream alone makes of it")
  func seedOfEachDocument() throws {
    let model = try bigrams(separator: "|")
    let seed = try SampleSeed("ca", for: model)
    let samples = try writtenSideBySide(
      of: model, seed: seed, length: 5, documents: 4, sampling: plain, randomSeeds: [1, 2, 3])
    for sample in samples {
      #expect(sample.documents.count == 4 && sample.documents.allSatisfy { $0.hasPrefix("ca") && $0.count <= 7 })
      #expect(sample.text == sample.documents.map { $0 + "|" }.joined())
      let drawnCount = sample.documents.reduce(0) { $0 + $1.count - 1 }
      #expect(sample.tokenCount == drawnCount, "the seed's two letters are not drawn, the four ends are")
      let stream = TextStream(
        model, seed: seed, length: 5, documents: 4, sampling: plain, randomSeed: sample.randomSeed)
      #expect(stream.joined() == sample.text)
    }
  }

  @Test("seeds are what training reads of the same text")
  func seedsAsTrained() throws {
    let text = "ab\ncab\nb\n"
    let bigrams = try bigrams(separator: "\n")
    let corpus = try EvaluationText(text: text, tokenizer: bigrams.tokenizer, documentSeparator: "\n")
    #expect(try corpus.tokens.tokens() == SampleSeed(text, for: bigrams).tokens(startingFrom: 9))
  }

  @Test("the repeat penalty does not count the document token")
  func penalty() throws {
    var filter = RepeatPenalty(2, ignoring: [0])
    for token: TokenID in [0, 2, 0, 3] { filter.note(token) }
    var logits: [Float] = [4, 4, 4, 4, 4]
    var span = logits.mutableSpan
    filter.apply(to: &span)
    #expect(logits == [4, 4, 2, 2, 4])
    let filters = SamplingSettings(repeatPenalty: 1.5).filters(for: try bigrams().tokenizer)
    #expect(filters.compactMap { ($0 as? RepeatPenalty)?.ignored } == [[0]])
  }

  @Test("an excerpt has whole documents only; where none ends, it has what there is")
  func excerpts() throws {
    var bigrams = try bigrams(separator: "\n")
    let text = TextStream.excerpt(of: bigrams, length: 100, sampling: plain, randomSeed: 2)
    let longer = TextStream(bigrams, length: 100, sampling: plain, randomSeed: 2).joined()
    #expect(longer.hasPrefix(text + "\n") && text.count > 50)
    #expect(!longer.dropFirst(text.count + 1).contains("\n"))
    for row in bigrams.bigrams.logits.indices { bigrams.bigrams.logits[row][0] = -.infinity }
    #expect(TextStream.excerpt(of: bigrams, length: 100, sampling: plain, randomSeed: 2).count == 100)
  }

  @Test("without a document token, a sample is what it always was")
  func withoutDocuments() throws {
    let vocabulary = try Vocabulary(tokens: ["a", "b", "c"].map { Token($0) })
    let logits: [[Float]] = [[1, 2, 3], [3, 1, 2], [2, 3, 1]]
    let predictor = Bigrams(tokenizer: Tokenizer(vocabulary: vocabulary, settings: TextSettings()), logits: logits)
    #expect(!predictor.knowsDocuments)
    #expect(try SampleSeed("ab", for: predictor).tokens(startingFrom: 9) == [0, 1])
    let text = TextStream(predictor, length: 40, sampling: SamplingSettings(temperature: 0.8), randomSeed: 1).joined()
    #expect(text == "cbacaccbabcbacabaccbacacbabcbacbaccbacba")
    #expect(
      TextStream.excerpt(of: predictor, length: 40, sampling: SamplingSettings(temperature: 0.8), randomSeed: 1)
        == text)
  }
}

/// Bigrams that know documents.
struct DocumentBigrams: Predictor {
  var bigrams: Bigrams
  let documentSeparator: String?
  var tokenizer: Tokenizer { bigrams.tokenizer }
  func makeStream(_ options: StreamOptions) -> Bigrams.Stream { bigrams.makeStream(options) }
}
