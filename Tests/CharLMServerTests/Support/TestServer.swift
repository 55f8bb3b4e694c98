import CharLM
import CharLMData
import CharLMText
import RecurrentNN
import Testing

@testable import CharLMServer

/// A server at a free port, for the time of a test.
enum TestServer {
  /// Calls `body` with a client of a server of two models of random weights, `first` and `second`.
  static func with<Result>(
    _ change: (inout ServerSettings) -> Void = { _ in }, _ body: (TestClient) async throws -> Result
  ) async throws -> Result {
    var settings = ServerSettings()
    settings.port = 0
    settings.endLimit = .milliseconds(200)
    change(&settings)
    let models = [
      ServedModel(name: "first", model: try model(seed: 1)), ServedModel(name: "second", model: try model(seed: 2)),
    ]
    let server = ModelServer(models, settings: settings)
    let (addresses, continuation) = AsyncStream<String>.makeStream()
    let task = Task {
      defer { continuation.finish() }
      try await server.run(signals: []) { continuation.yield($0) }
    }
    guard let address = await addresses.first(where: { _ in true }),
      let port = address.split(separator: ":").last.flatMap({ Int($0) })
    else {
      try await task.value
      throw TestClient.NoAnswer(received: "")
    }
    do {
      let result = try await body(TestClient(port: port))
      task.cancel()
      _ = await task.result
      return result
    } catch {
      task.cancel()
      throw error
    }
  }

  /// A model of letters, space and line feed.
  static func model(seed: UInt64) throws -> LanguageModel {
    let letters = "abcdefghijklmnopqrstuvwxyz \né".map { Token(String($0)) }
    let vocabulary = try Vocabulary(tokens: letters)
    let tokenizer = Tokenizer(vocabulary: vocabulary, settings: TextSettings())
    let settings = NetworkSettings(cell: .lstm, layers: 2, hidden: 32, embedding: 8)
    let parameters = NetworkWeights.initialStore(
      settings, inputVocabulary: vocabulary.count, outputVocabulary: vocabulary.count, seed: seed)
    let training = TrainingSettings(
      batch: 1, bptt: 1, length: .steps(1), schedule: LearningRateSchedule(peak: 0.1), validationInterval: 1)
    let snapshot = ModelSnapshot(
      kind: .language, created: "2026-01-02T03:04:05.678Z", settings: settings, tokenizer: tokenizer,
      outputTokenizer: tokenizer, training: TrainingRecord(settings: training, corpus: CorpusRecord()),
      parameters: parameters)
    return try #require(LanguageModel(snapshot))
  }
}
