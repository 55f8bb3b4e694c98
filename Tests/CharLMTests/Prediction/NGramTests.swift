import CharLMData
import CharLMText
import Foundation
import RecurrentNN
import Testing

@testable import CharLM

@Suite("N-grams") struct NGramTests {
  private let text = "abracadabra abracadabra, cad a bra; bar a dab"

  private func corpus(_ text: String, separator: String? = nil) throws -> Corpus {
    try Corpus(text: text, validation: .fraction(0.3), documentSeparator: separator)
  }

  /// The equation of `NGramModel`, from counts by plain search.
  private func expected(_ tokens: [TokenID], _ context: ArraySlice<TokenID>, _ token: TokenID, _ count: Int) -> Double {
    let shorter =
      context.isEmpty ? 1 / Double(count) : expected(tokens, context.dropFirst(), token, count)
    let places = tokens.indices.filter { place in
      place >= context.count && tokens[place - context.count..<place].elementsEqual(context)
    }
    guard !places.isEmpty else { return shorter }
    let followers = places.map { tokens[$0] }
    let kinds = Double(Set(followers).count)
    return (Double(followers.filter { $0 == token }.count) + kinds * shorter) / (Double(followers.count) + kinds)
  }

  @Test("probabilities are those of the equation, and sum to one", arguments: [1, 2, 5])
  func equation(_ order: Int) throws {
    let corpus = try corpus(text)
    let model = try NGramModel(tokenizer: corpus.tokenizer, text: corpus.train, order: order)
    let counted = try corpus.train.tokens()
    let vocabularyCount = corpus.tokenizer.vocabulary.count
    var stream = model.makeStream()
    var read: [TokenID] = []
    for next in try #require(corpus.validation).tokens.tokens() {
      let all = stream.withLogits { logits in logits.indices.map { exp(Double(logits[$0])) } }
      #expect(abs(all.reduce(0, +) - 1) < 1e-5)
      for token in 0..<TokenID(vocabularyCount) {
        let expected = expected(counted, read.suffix(order - 1), token, vocabularyCount)
        #expect(abs(stream.probability(of: token) - expected) < 1e-12, "\(read) \(token)")
        #expect(abs(all[Int(token)] - expected) < 1e-6, "\(read) \(token)")
      }
      stream.read(next)
      read.append(next)
    }
  }

  @Test("the yardstick says what an evaluation says")
  func yardstick() throws {
    let corpus = try corpus(String(repeating: text, count: 20))
    let validation = try #require(corpus.validation)
    let yardstick = try Yardstick(
      of: validation, training: corpus.train, tokenizer: corpus.tokenizer, keepsTokenNats: true)
    let nats = yardstick.ngramTokenNats.reduce(0.0) { $0 + Double($1) }
    #expect(yardstick.ngramTokenNats.count == yardstick.measuredTokenCount)
    let perToken = Evaluation.bits(nats: nats / Double(yardstick.measuredTokenCount))
    #expect(abs(perToken - (try #require(yardstick.bitsPerToken[.ngram]))) < 1e-4)
    for (baseline, order) in [(Yardstick.Baseline.unigram, 1), (.ngram, 5)] {
      let model = try NGramModel(tokenizer: corpus.tokenizer, text: corpus.train, order: order)
      let bits = try model.evaluate(validation).bitsPerByte
      #expect(abs(try #require(yardstick.bitsPerByte(baseline)) - bits) < 1e-5, "\(baseline)")
    }
    let even = log2(Double(corpus.tokenizer.vocabulary.count))
    #expect(abs(try #require(yardstick.bitsPerToken[.uniform]) - even) < 1e-12)
    #expect(yardstick.countedTokenCount == corpus.train.count)
  }

  @Test("of long texts a part is read: the end of what was trained on, the beginning of the other")
  func bounded() throws {
    let corpus = try corpus(String(repeating: text, count: 20))
    let validation = try #require(corpus.validation)
    let yardstick = try Yardstick(of: validation, training: corpus.train, tokenizer: corpus.tokenizer, limit: 50)
    #expect(yardstick.countedTokenCount == 50 && yardstick.measuredTokenCount == 50)
    #expect(yardstick.trainTokenCount == corpus.train.count)
    let alone = try Yardstick(of: validation, training: nil, tokenizer: corpus.tokenizer)
    #expect(Array(alone.bitsPerToken.keys) == [.uniform])
  }

  @Test("a table that is full goes on counting what it has, and its probabilities sum to one")
  func full() throws {
    let corpus = try corpus(String(repeating: text, count: 5))
    let model = try NGramModel(tokenizer: corpus.tokenizer, text: corpus.train, order: 5, nodeLimit: 30)
    #expect(model.counts.nodes.count == 30)
    var stream = model.makeStream()
    for token in try corpus.train.tokens() {
      stream.read(token)
      let sum = stream.withLogits { logits in logits.indices.reduce(0) { $0 + exp(Double(logits[$1])) } }
      #expect(abs(sum - 1) < 1e-5)
    }
  }

  @Test("what comes before a document token does not matter")
  func documents() throws {
    let corpus = try corpus(String(repeating: "abc|abd|bcd|", count: 10), separator: "|")
    let model = try NGramModel(tokenizer: corpus.tokenizer, text: corpus.train)
    let documentID = try #require(corpus.tokenizer.vocabulary.documentID)
    var (short, long) = (model.makeStream(), model.makeStream())
    for token in try corpus.train.tokens().prefix(7) { long.read(token) }
    short.read(documentID)
    long.read(documentID)
    #expect(short.logProbabilities == long.logProbabilities)
  }
}
