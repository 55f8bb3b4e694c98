import CharLM
import CharLMFiles
import CharLMText

/// What a run remembers beside its record and its tensors.
struct RunProgress: Codable, Hashable, Sendable {
  /// Where the trainer stands; the first versions wrote nothing, for they skipped no steps.
  var trainer: TrainerProgress?
  /// The sum of the training losses since the last validation, in nats, and their number.
  var lossSum: Double
  var lossTokenCount: Int
  /// The loss of about the last twenty steps, in nats.
  var recentNats: Double?
  /// Steps skipped since the last one that was not.
  var skippedInARow: Int?
}

/// A run's state file: a safetensors file with the metadata of a model, a `progress` object, and the tensors of the trainer
/// (flat, in the order of the parameter store) with the best parameters.
struct RunState {
  let file: Safetensors
  let kind: ModelKind
  let created: String
  let model: NetworkSettings
  let tokenizer: Tokenizer
  let outputTokenizer: Tokenizer
  let record: TrainingRecord
  let progress: RunProgress

  init(path: String) throws(CheckpointError) {
    do throws(SafetensorsError) { file = try Safetensors.read(path: path) } catch { throw CheckpointError(error) }
    let fields = MetadataFields(file.metadata, source: path)
    try fields.checkFormat(atMost: Checkpoint.format)
    kind = try fields.choice("kind")
    created = try fields.string("created")
    model = try fields.decoded("model", as: NetworkSettings.self)
    try Checkpoint.checkSizes(model, source: path)
    let text = try fields.decoded("text", as: TextSettings.self)
    let vocabulary = try fields.decoded("vocabulary", as: Vocabulary.self)
    tokenizer = Tokenizer(vocabulary: vocabulary, settings: text)
    outputTokenizer =
      kind == .transducer
      ? Tokenizer(vocabulary: try fields.decoded("output_vocabulary", as: Vocabulary.self), settings: text)
      : tokenizer
    record = try fields.decoded("training", as: TrainingRecord.self)
    progress = try fields.decoded("progress", as: RunProgress.self)
  }

  /// Where the trainer stands.
  var trainer: TrainerProgress {
    progress.trainer ?? TrainerProgress(stepCount: record.steps, updateCount: record.steps, rateFactor: 1)
  }

  /// The parameters of the best validation; nil before the first.
  var best: [Float]? {
    guard case .float32(let values) = file.tensor(named: "best")?.values else { return nil }
    return values
  }

  static func write(
    _ model: ModelSnapshot, progress: RunProgress, tensors: [Safetensors.Tensor], best: [Float]?, to path: String,
    keepingPreviousAs previous: String?
  ) throws(CheckpointError) {
    var content = Checkpoint.content(of: model)
    content.metadata["progress"] = SnakeCaseJSON.text(progress)
    content.tensors = tensors
    if let best {
      content.tensors.append(Safetensors.Tensor(name: "best", shape: [best.count], values: .float32(best)))
    }
    do throws(SafetensorsError) {
      try content.write(to: path, keepingPreviousAs: previous)
    } catch {
      throw CheckpointError(error)
    }
  }
}
