import CharLMText
import RecurrentNN
import Testing

@testable import CharLM
@testable import CharLMData

@Suite("What a transducer got right")
struct WordAccuracyTests {
  @Test("words are runs of output tokens between white space")
  func words() throws {
    // A decoder whose bias says 'a' to everything.
    let settings = NetworkSettings(cell: .gru, hidden: 3, embedding: 2)
    let tokenizer = Tokenizer(
      vocabulary: try Vocabulary(tokens: [" ", "a", "b", "\t"].map { Token($0) }), settings: TextSettings())
    let store = NetworkWeights.emptyStore(settings, inputVocabulary: 4, outputVocabulary: 4)
    store.setValues([0, 9, 0, 0], named: "decoder.bias")
    let capacity = NetworkShard.capacity(rowCount: 64, batchSize: 8, vocabularyCount: 4)
    let weights = NetworkWeights(
      settings, store: store, plan: PackingPlan(capacity: capacity, isTrained: false))
    for task in weights.refreshTasks { task() }
    func pair(_ text: String) throws -> PairCorpus.Pair {
      let tokens = try tokenizer.encode(text, source: text)
      return PairCorpus.Pair(input: tokens, output: tokens)
    }
    #expect(tokenizer.vocabulary.spaces == [0, 3])
    let pairs = try ["aa ab a", "b", "aaa", "  ", " a\tb"].map(pair)
    let result = weights.evaluate(pairs, spaces: tokenizer.vocabulary.spaces)
    #expect((result.wordCount, result.correctWordCount) == (7, 4))
    #expect((result.pairCount, result.correctPairCount) == (5, 1))
    #expect((result.sums.tokenCount, result.sums.correctCount) == (17, 8))
  }
}
