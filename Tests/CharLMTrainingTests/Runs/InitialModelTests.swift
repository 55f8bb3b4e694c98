import CharLMText
import RecurrentNN
import TestSupport
import Testing

@testable import CharLM
@testable import CharLMData
@testable import CharLMTraining

/// New runs from a model, on texts with tokens that it lacks.
@Suite("Initial models") struct InitialModelTests {
  /// A model of random weights with the vocabulary of a text.
  private func model(_ text: String, _ settings: TextSettings, tied: Bool = false) throws -> LanguageModel {
    var builder = VocabularyBuilder(settings: settings)
    builder.count(Array(text.utf8).span)
    let tokenizer = Tokenizer(vocabulary: try builder.vocabulary(), settings: builder.settings)
    let size = tokenizer.vocabulary.count
    let model = NetworkSettings(layers: 2, hidden: 16, embedding: tied ? 16 : 7, tied: tied)
    let record = TrainingRecord(settings: Self.training, corpus: CorpusRecord())
    let snapshot = ModelSnapshot(
      kind: .language, created: "", settings: model, tokenizer: tokenizer, outputTokenizer: tokenizer,
      training: record,
      parameters: NetworkWeights.initialStore(model, inputVocabulary: size, outputVocabulary: size, seed: 3))
    return try #require(LanguageModel(snapshot))
  }

  private static let training = TrainingSettings(
    batch: 2, bptt: 4, length: .steps(3), schedule: LearningRateSchedule(peak: 0.01), validationInterval: 100)

  /// A run on a text that begins from a model.
  private func run(_ text: String, from model: LanguageModel, separator: String? = nil) throws -> TrainingRun {
    let folder = try ScratchFolder()
    let corpus = try Corpus(
      paths: [try folder.file("new.txt", text)], settings: model.tokenizer.settings, validation: .fraction(0),
      documentSeparator: separator, tokenizer: model.tokenizer, extendsVocabulary: true)
    let run = TrainingRun(
      TrainingData(corpus), network: model.snapshot.settings, settings: Self.training,
      modelPath: folder("m.safetensors"),
      threadCount: 1)
    run.begin(from: model.snapshot)
    return run
  }

  /// The logits after a text, by token.
  private func logits(_ model: LanguageModel, _ text: String) throws -> [Token: Float] {
    let network = StreamEnsemble([model.snapshot], rowCount: 1, StreamOptions())
    let state = network.makeState()
    for token in try model.tokenizer.encode(text, source: "a text") { network.step({ _ in token }, state) }
    let (logits, vocabulary) = (network.logits(state).row(0).array, model.tokenizer.vocabulary)
    return Dictionary(uniqueKeysWithValues: logits.indices.map { (vocabulary[TokenID($0)], logits[$0]) })
  }

  @Test("before training the old tokens are predicted as they were, tied or not", arguments: [false, true])
  func oldTokens(_ tied: Bool) throws {
    let old = try model("bdfh bdfh", TextSettings(), tied: tied)
    let new = try #require(LanguageModel(try run("abcdefgh äöü 字", from: old).model))
    #expect(new.tokenizer.vocabulary.count == 13)
    let (before, after) = (try logits(old, "bd fb"), try logits(new, "bd fb"))
    for (token, logit) in before {
      #expect(abs(try #require(after[token]) - logit) <= 1e-5, "\(token)")
    }
    let (biases, lowest) = (
      new.snapshot.values(named: "decoder.bias"), old.snapshot.values(named: "decoder.bias").min()
    )
    for token in new.tokenizer.vocabulary.tokens(missingFrom: old.tokenizer.vocabulary) {
      #expect(biases[Int(try #require(new.tokenizer.vocabulary.id(of: token)))] == lowest, "\(token)")
    }
  }

  @Test("a text of known tokens leaves every parameter as it was")
  func nothingNew() throws {
    let old = try model("hdbf", TextSettings())
    let new = try run("bbddffhh", from: old).model
    #expect(new.tokenizer.vocabulary == old.tokenizer.vocabulary)
    for parameter in old.snapshot.parameters {
      #expect(new.values(named: parameter.name) == old.snapshot.values(named: parameter.name), "\(parameter.name)")
    }
  }

  @Test("a minimum count and a fallback hold for new tokens, too")
  func limits() throws {
    func added(_ settings: TextSettings) throws -> [Token] {
      let old = try model("aaabbbcccddd", settings)
      let vocabulary = try run("aabb x ééé x éé", from: old).data.tokenizer.vocabulary
      return vocabulary.tokens(missingFrom: old.tokenizer.vocabulary)
    }
    let (space, x, é) = (Token(" "), Token("x"), Token("é"))
    #expect(try added(TextSettings(minimumCount: 3)) == [.special(.unknown), space, é])
    #expect(try added(TextSettings(fallback: .byte, minimumCount: 3)) == [é])
    #expect(try added(TextSettings(fallback: .scalar, minimumCount: 3)) == [space, x, é])
  }

  @Test("a text of documents brings the token between them")
  func documents() throws {
    let old = try model("abcd", TextSettings())
    let run = try run("abc|dab|cda|bcd|abc", from: old, separator: "|")
    #expect(run.data.tokenizer.vocabulary.documentID == 0)
    #expect(run.data.documentCount == 5)
    #expect(run.data.tokenizer.vocabulary.count == 5)
  }

  @Test("both vocabularies of pairs grow")
  func pairs() throws {
    let folder = try ScratchFolder()
    let first = try PairCorpus(
      path: try folder.file("a.tsv", "ab\tba\n"), settings: TextSettings(), validationFraction: 0)
    let more = try PairCorpus(
      path: try folder.file("b.tsv", "abc\tcb0\n"), settings: TextSettings(), validationFraction: 0,
      tokenizers: (first.tokenizer, first.outputTokenizer), extendsVocabularies: true)
    let outputs = more.outputTokenizer.vocabulary
    #expect(more.tokenizer.vocabulary.count == 3 && outputs.count == 4)
    #expect(outputs.tokens(missingFrom: first.outputTokenizer.vocabulary) == ["0", "c"].map { Token($0) })
  }
}
