import CharLM
import CharLMFiles
import RecurrentNN

extension TrainingRun {
  /// The model as it would be saved now: the best parameters, or the present ones before the first validation.
  public var model: ModelSnapshot { ModelSnapshot(metadata(record), copying: bestSoFar) }

  /// The model as it is after the last update, whether or not it is the best.
  public var presentModel: ModelSnapshot { ModelSnapshot(metadata(record), copying: trainer.result) }

  /// The parameters that would be saved now.
  private var bestSoFar: ParameterStore { hasBest ? best : trainer.result }

  func metadata(_ record: TrainingRecord) -> ModelMetadata {
    ModelMetadata(
      kind: data.kind, created: created, settings: trainer.network, tokenizer: data.tokenizer,
      outputTokenizer: data.outputTokenizer, training: record)
  }

  /// The state file that belongs to a model file: `NAME.state` beside `NAME.safetensors`.
  public static func statePath(forModel path: String) -> String { ModelPath.stem(of: path) + ".state" }

  /// Locks a model; its folder is made where it is missing.
  static func lock(_ modelPath: String) throws(TrainingFailure) -> ModelLock {
    do throws(FileError) {
      try Files.ensureWritableFolder(Files.folder(of: modelPath))
    } catch {
      throw .checkpoint(.file(error))
    }
    do throws(ModelLockError) { return try ModelLock(modelPath: modelPath) } catch { throw .lock(error) }
  }

  /// Removes what killed processes left in the folder, and gives the models that other runs kept names of their own.
  func tidy() throws(TrainingFailure) {
    guard let modelPath else { return }
    FileWriter.removeAbandoned(in: Files.folder(of: modelPath))
    guard !isOverwriting else { return }
    do throws(FileError) {
      try EarlierModels.moveKeptModels(forModel: modelPath, except: created)
    } catch {
      throw .checkpoint(.file(error))
    }
  }

  func isSaveDue(since last: (seconds: Double, step: Int), at seconds: Double) -> Bool {
    switch saveInterval {
    case .seconds(let interval): seconds - last.seconds >= interval
    case .steps(let interval): trainer.stepCount - last.step >= interval
    }
  }

  /// Writes the state and the model, each wholly or not at all. The state comes first, for it holds the model, too. What
  /// another run left in their place is kept under a number: `NAME.1.safetensors`, `NAME.1.state`.
  /// - Parameter isLast: at the end of a run the state is written in any case; else only where the run could go back to it.
  func save(at seconds: Double, isLast: Bool = false, observe: (TrainingEvent) -> Void) throws(TrainingFailure) {
    // A run that writes nothing only needs a state to roll back to. All ranks decide the same, for a state is of them all.
    if isWritten ? isLast || isSound : isSound && !isLast { try saveState(at: seconds) }
    try saveModel()
    if modelPath != nil { observe(.saved) }
  }

  func saveModel() throws(TrainingFailure) {
    guard let modelPath else { return }
    let earlier = hasSavedModel || isOverwriting ? nil : EarlierModels.keptModel(forModel: modelPath)
    do throws(CheckpointError) {
      try Checkpoint.write(metadata(record), bestSoFar, to: modelPath, keepingPreviousAs: earlier)
      hasSavedModel = true
    } catch {
      throw .checkpoint(error)
    }
  }

  func saveState(at seconds: Double) throws(TrainingFailure) {
    record.seconds = secondsBefore + seconds
    trainer.collectStates()
    guard trainer.communicator.isFirst else {
      hasSavedState = true
      return
    }
    var progress = trainer.progress
    (progress.lossSum, progress.lossTokenCount) = (lossSum, lossTokenCount)
    (progress.recentNats, progress.skippedInARow) = (recentNats, skippedInARow)
    let content = RunState.content(metadata(record), progress, trainer, best: hasBest ? best : nil)
    do throws(CheckpointError) {
      if let modelPath {
        let earlier = hasSavedState || isOverwriting ? nil : EarlierModels.keptState(forModel: modelPath)
        try Checkpoint.write(
          content, to: TrainingRun.statePath(forModel: modelPath), keepingPreviousAs: earlier)
      } else {
        stateInMemory = try mapError(CheckpointError.init, content.serialized())
      }
      hasSavedState = true
    } catch {
      throw .checkpoint(error)
    }
  }

  /// The state that was saved last.
  func savedState() throws(TrainingFailure) -> RunState {
    try TrainingRun.sharedState(trainer.communicator, path: modelPath.map(TrainingRun.statePath), else: stateInMemory)
  }

  static func readState(forModel path: String) throws(TrainingFailure) -> RunState {
    try mapError(TrainingFailure.checkpoint, RunState(path: statePath(forModel: path)))
  }

  /// The lock of a run that is to go on, which the first rank holds, and its state.
  static func begin(
    again path: String, _ communicator: Communicator
  ) throws(TrainingFailure) -> (lock: ModelLock?, state: RunState) {
    var taken: ModelLock?
    let state = try sharedState(communicator, path: statePath(forModel: path)) { () throws(TrainingFailure) in
      taken = try lock(path)
    }
    return (taken, state)
  }

  /// A state, which the first rank reads for all: it may have saved more than the others know of, or less, where a disk was
  /// full.
  /// - Parameters:
  ///   - path: of its file, at the first rank; nil for one in memory.
  ///   - prepare: called before the file is read.
  private static func sharedState(
    _ communicator: Communicator, path: String?, else bytes: [UInt8] = [],
    prepare: () throws(TrainingFailure) -> Void = {}
  ) throws(TrainingFailure) -> RunState {
    guard !communicator.isAlone else {
      try prepare()
      guard let path else { return try mapError(TrainingFailure.checkpoint, RunState(bytes)) }
      return try mapError(TrainingFailure.checkpoint, RunState(path: path))
    }
    var bytes = bytes
    do throws(TrainingFailure) {
      if communicator.isFirst {
        try prepare()
        if let path { bytes = try stateBytes(path) }
      }
    } catch {
      // The others wait for it, and fail, too.
      _ = communicator.shared([])
      throw error
    }
    return try mapError(TrainingFailure.checkpoint, RunState(communicator.shared(bytes)))
  }

  private static func stateBytes(_ path: String) throws(TrainingFailure) -> [UInt8] {
    do throws(FileError) {
      return try Files.read(path, limit: try Files.size(path))
    } catch {
      throw .checkpoint(.file(error))
    }
  }

  /// What a run that was stopped has recorded, its corpus among it, as the state beside its model says.
  package static func savedRecord(forModel path: String) throws(TrainingFailure) -> TrainingRecord {
    try readState(forModel: path).metadata.training
  }

  /// Stands where a state was saved; the settings stay.
  /// - Parameter withBest: whether the state's best parameters are taken, too.
  func restore(_ state: RunState, withBest: Bool = false) throws(TrainingFailure) {
    let hasBestParameters = try state.read(into: trainer, best: withBest ? best.flat : nil)
    if withBest { hasBest = hasBestParameters }
    let settings = record.settings
    record = state.metadata.training
    record.settings = settings
    (lossSum, lossTokenCount) = (state.progress.lossSum, state.progress.lossTokenCount)
    (recentNats, skippedInARow) = (state.progress.recentNats, state.progress.skippedInARow)
  }
}
