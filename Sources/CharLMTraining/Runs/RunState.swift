import CharLM
import CharLMFiles
import RecurrentNN

/// A run's state file, open: a safetensors file with the metadata of a model, a `progress` object, and the tensors of the
/// trainer (flat, in the order of the parameter store) with the best parameters.
struct RunState {
  private static let bestName = "best"

  let progress: TrainingProgress
  private let file: CheckpointFile

  /// Opens a state and verifies its checksum, so that what is read of it later is whole.
  init(path: String) throws(CheckpointError) { try self.init(CheckpointFile(path: path)) }

  /// The same for the state of a run that is kept in memory.
  init(_ bytes: [UInt8]) throws(CheckpointError) {
    try self.init(CheckpointFile(bytes, source: "the state of the run"))
  }

  private init(_ file: CheckpointFile) throws(CheckpointError) {
    self.file = file
    try file.verify()
    progress = try file.decoded("progress", as: TrainingProgress.self)
    do throws(OutOfRange) {
      try progress.checkRanges()
    } catch {
      throw .model(source: file.source, .outOfRange(error))
    }
  }

  /// What the file says of the model.
  var metadata: ModelMetadata { file.metadata }

  /// The number of values of a tensor, 0 where there is none.
  func count(of name: String) -> Int { file.count(of: name) ?? 0 }

  /// Room for the parameters, which is asked for only when the file's header has shown them to be there.
  func emptyStore() throws(TrainingFailure) -> ParameterStore {
    let shapes = metadata.parameterShapes
    let (expected, found) = (ParameterStore.flatCount(of: shapes), count(of: Trainer.parametersName))
    guard expected == found else {
      throw .training(.stateMismatch(name: Trainer.parametersName, expected: expected, found: found))
    }
    return ParameterStore(shapes)
  }

  /// Reads the tensors of the trainer, and the parameters of the best validation where they are asked for.
  /// - Parameter best: where the best parameters belong.
  /// - Returns: whether there are best parameters.
  /// - Throws: before anything is changed, `TrainingError.stateMismatch` where a tensor is missing or of another size.
  @discardableResult
  func read(into trainer: Trainer, best: View<Float>?) throws(TrainingFailure) -> Bool {
    var places: [String: View<Float>] = [:]
    do throws(TrainingError) { places = try trainer.places(sizes: count) } catch { throw .training(error) }
    let found = count(of: RunState.bestName)
    if let best, found > 0 {
      guard found == best.count else {
        throw .training(.stateMismatch(name: RunState.bestName, expected: best.count, found: found))
      }
      places[RunState.bestName] = best
    }
    do throws(CheckpointError) { try file.read(into: places) } catch { throw .checkpoint(error) }
    trainer.resume(at: progress)
    return found > 0
  }

  /// The content of a state, to be written before the next step.
  static func content(
    _ metadata: ModelMetadata, _ progress: TrainingProgress, _ trainer: Trainer, best: ParameterStore?
  ) -> SafetensorsWriter {
    var content = SafetensorsWriter(metadata: metadata.fields, tensors: trainer.stateTensors)
    content.metadata["progress"] = SnakeCaseJSON.text(progress)
    if let best {
      content.tensors.append(
        SafetensorsWriter.Tensor(name: bestName, shape: [best.flatCount], elements: best.flat))
    }
    return content
  }
}
