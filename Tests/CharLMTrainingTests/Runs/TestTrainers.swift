import CharLM
import CharLMData
import CharLMFiles
import CharLMText
@testable import CharLMTraining
import RecurrentNN

/// What the trainers of tests differ in.
struct TrainerVariant: Sendable {
  var model = NetworkSettings(cell: .lstm, layers: 2, hidden: 12, embedding: 7, dropout: 0.2)
  var optimizer = OptimizerSettings()
  var tokenCount = 400
  var batch = 6
  var bptt = 8
  var shards = 4
  var threadCount = 1
  var clip: Float = 0.5
  var averageDecay: Float = 0
  /// A token that is a document's border, and comes about once in 16 tokens.
  var documentID: TokenID?
  var regularization = Regularization()
  static let vocabularyCount = 16

  /// - Parameter text: what it is trained on; by default independent tokens.
  func makeTrainer(_ text: TokenSequence? = nil) -> Trainer {
    var settings = TrainingSettings(
      batch: batch, bptt: bptt, length: .steps(40), optimizer: optimizer,
      schedule: LearningRateSchedule(peak: 0.01, warmupStepCount: 3), clip: clip, randomSeed: 11, shards: shards,
      validationInterval: 100, averageDecay: averageDecay)
    settings.regularization = regularization
    return Trainer(
      network: model,
      parameters: NetworkWeights.initialStore(
        model, inputVocabulary: Self.vocabularyCount, outputVocabulary: Self.vocabularyCount, seed: 11),
      source: StreamBatches(
        TokenText(text ?? TestText.uniform(count: tokenCount)), batchSize: batch, timeStepCount: bptt,
        documentID: documentID),
      settings: settings, threadCount: threadCount)
  }
}

extension Trainer {
  /// Makes some steps; returns their reports.
  @discardableResult
  func run(_ count: Int) throws -> [StepReport] { try (0..<count).map { _ in try step() } }

  /// Every bit of the state that goes on, by name.
  var bits: [String: [UInt32]] {
    collectStates()
    return Dictionary(
      uniqueKeysWithValues: stateTensors.map { tensor in
        guard let values = tensor.elements as? View<Float> else { preconditionFailure("\(tensor.name) is not float32") }
        return (tensor.name, values.array.map(\.bitPattern))
      })
  }

  /// The state as a file's bytes, opened; of all tensors or only the first ones.
  func savedState(count: Int = .max) throws -> SafetensorsReader {
    collectStates()
    let content = SafetensorsWriter(tensors: Array(stateTensors.prefix(count)))
    return try SafetensorsReader(content.serialized(), source: "state")
  }

  /// Takes over a saved state.
  func restore(_ state: SafetensorsReader, _ progress: TrainingProgress) throws {
    try state.read(into: places { state.entry(named: $0)?.count ?? 0 })
    resume(at: progress)
  }
}
