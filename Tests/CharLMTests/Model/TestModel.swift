import CharLM
import CharLMData
import CharLMText
import RecurrentNN
import Testing

/// Models of random weights.
enum TestModel {
  /// A model of random weights whose tokens are the letters a to p, the unknown token and the document token.
  static func language(
    _ cell: CellKind, tied: Bool = false, layerNorm: Bool = false, mogrifierRounds: Int = 0, hidden: Int = 48,
    seed: UInt64 = 3
  ) throws -> LanguageModel {
    let letters = (0..<16).compactMap { Unicode.Scalar(0x61 + $0).map { Token(String($0)) } }
    let vocabulary = try Vocabulary(tokens: [.special(.document), .special(.unknown)] + letters)
    let tokenizer = Tokenizer(vocabulary: vocabulary, settings: TextSettings())
    let settings = NetworkSettings(
      cell: cell, layers: 2, hidden: hidden, embedding: tied ? hidden : 10, tied: tied, layerNorm: layerNorm,
      mogrifierRounds: mogrifierRounds)
    let parameters = NetworkWeights.initialStore(
      settings, inputVocabulary: vocabulary.count, outputVocabulary: vocabulary.count, seed: seed)
    let training = TrainingSettings(
      batch: 1, bptt: 1, length: .steps(1), schedule: LearningRateSchedule(peak: 0.1), validationInterval: 1)
    let snapshot = ModelSnapshot(
      kind: .language, created: "", settings: settings, tokenizer: tokenizer, outputTokenizer: tokenizer,
      training: TrainingRecord(settings: training, corpus: CorpusRecord()), parameters: parameters)
    return try #require(LanguageModel(snapshot))
  }
}
