import CharLMText
import RecurrentNN

extension TrainingRun {
  /// The model as it would be saved now: the best parameters, or the present ones before the first validation.
  public var model: ModelSnapshot { snapshot(hasBest ? best : trainer.result) }

  /// The model as it is after the last update, whether or not it is the best.
  public var presentModel: ModelSnapshot { snapshot(trainer.result) }

  private func snapshot(_ parameters: ParameterStore) -> ModelSnapshot {
    ModelSnapshot(
      kind: job.kind, created: created, settings: trainer.model, tokenizer: job.tokenizer,
      outputTokenizer: job.outputTokenizer, training: record, parameters: parameters)
  }

  /// The state file that belongs to a model file: `NAME.state` beside `NAME.safetensors`.
  public static func statePath(forModel path: String) -> String {
    (path.hasSuffix(".safetensors") ? String(path.dropLast(".safetensors".count)) : path) + ".state"
  }

  func isSaveDue(since last: (seconds: Double, step: Int), at seconds: Double) -> Bool {
    switch saveInterval {
    case .seconds(let interval): seconds - last.seconds >= interval
    case .steps(let interval): trainer.stepCount - last.step >= interval
    }
  }

  /// Writes the state and the model, each wholly or not at all. The state comes first, for it holds the model, too. A
  /// model of another run that is there already is kept as `….previous`.
  func save(at seconds: Double, observe: (TrainingEvent) -> Void) throws(TrainingFailure) {
    try saveState(at: seconds)
    try saveModel()
    observe(.saved)
  }

  func saveModel() throws(TrainingFailure) {
    do throws(CheckpointError) {
      try Checkpoint.write(model, to: modelPath, keepingPreviousAs: hasSavedModel ? nil : modelPath + ".previous")
      hasSavedModel = true
    } catch {
      throw .checkpoint(error)
    }
  }

  func saveState(at seconds: Double) throws(TrainingFailure) {
    record.seconds = secondsBefore + seconds
    let progress = RunProgress(
      trainer: trainer.progress, lossSum: lossSum, lossTokenCount: lossTokenCount, skippedInARow: skippedInARow)
    do throws(CheckpointError) {
      try RunState.write(
        model, progress: progress, tensors: trainer.stateTensors, best: hasBest ? best.flat.array : nil,
        to: TrainingRun.statePath(forModel: modelPath))
    } catch {
      throw .checkpoint(error)
    }
  }

  static func readState(forModel path: String) throws(TrainingFailure) -> RunState {
    do throws(CheckpointError) {
      return try RunState(path: statePath(forModel: path))
    } catch {
      throw .checkpoint(error)
    }
  }

  /// Stands where a state was saved; the settings stay.
  func restore(_ state: RunState) throws(TrainingFailure) {
    do throws(TrainingError) {
      try trainer.restore(state.file, state.progress.trainer)
    } catch {
      throw .training(error)
    }
    let settings = record.settings
    record = state.record
    record.settings = settings
    (lossSum, lossTokenCount) = (state.progress.lossSum, state.progress.lossTokenCount)
    skippedInARow = state.progress.skippedInARow
  }

  func restoreBest(_ state: RunState) {
    guard let values = state.best, values.count == best.flatCount else { return }
    best.flat.copy(from: values)
    hasBest = true
  }
}
