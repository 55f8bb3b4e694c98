import CharLM
import RecurrentNN

extension TrainingRun {
  /// The model as it would be saved now: the best parameters, or the present ones before the first validation.
  public var model: ModelSnapshot { snapshot(hasBest ? best : trainer.result, record) }

  /// The model as it is after the last update, whether or not it is the best.
  public var presentModel: ModelSnapshot { snapshot(trainer.result, record) }

  func snapshot(_ parameters: ParameterStore, _ record: TrainingRecord) -> ModelSnapshot {
    ModelSnapshot(
      kind: job.kind, created: created, settings: trainer.model, tokenizer: job.tokenizer,
      outputTokenizer: job.outputTokenizer, training: record, parameters: parameters)
  }

  /// The state file that belongs to a model file: `NAME.state` beside `NAME.safetensors`.
  public static func statePath(forModel path: String) -> String { KeptModels.stem(of: path) + ".state" }

  func isSaveDue(since last: (seconds: Double, step: Int), at seconds: Double) -> Bool {
    switch saveInterval {
    case .seconds(let interval): seconds - last.seconds >= interval
    case .steps(let interval): trainer.stepCount - last.step >= interval
    }
  }

  /// Writes the state and the model, each wholly or not at all. The state comes first, for it holds the model, too. What
  /// another run left in their place is kept as `….previous`.
  /// - Parameter isLast: at the end of a run the state is written in any case; else only where the run could go back to it.
  func save(at seconds: Double, isLast: Bool = false, observe: (TrainingEvent) -> Void) throws(TrainingFailure) {
    if isLast || isSound { try saveState(at: seconds) }
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
      trainer: trainer.progress, lossSum: lossSum, lossTokenCount: lossTokenCount, recentNats: recentNats,
      skippedInARow: skippedInARow)
    let path = TrainingRun.statePath(forModel: modelPath)
    do throws(CheckpointError) {
      try RunState.write(
        model, progress: progress, tensors: trainer.stateTensors, best: hasBest ? best.flat.array : nil, to: path,
        keepingPreviousAs: hasSavedState ? nil : path + ".previous")
      hasSavedState = true
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
      try trainer.restore(state.file, state.trainer)
    } catch {
      throw .training(error)
    }
    let settings = record.settings
    record = state.record
    record.settings = settings
    (lossSum, lossTokenCount) = (state.progress.lossSum, state.progress.lossTokenCount)
    (recentNats, skippedInARow) = (state.progress.recentNats, state.progress.skippedInARow ?? 0)
  }

  func restoreBest(_ state: RunState) throws(TrainingFailure) {
    guard let values = state.best else { return }
    guard values.count == best.flatCount else {
      throw .training(.stateMismatch(name: "best", expected: best.flatCount, found: values.count))
    }
    best.flat.copy(from: values)
    hasBest = true
  }
}
