import CharLMText
import RecurrentNN

/// What happens in a run, for whoever shows it.
public enum TrainingEvent: Sendable {
  /// An update was made.
  case step(StepReport)
  /// The validation text was read; `isBest` where this is the best so far.
  case validated(HistoryEntry, isBest: Bool)
  /// Model and state were written.
  case saved
}

/// Why a run ended.
public enum TrainingEnd: Hashable, Sendable {
  /// It reached its length.
  case finished
  /// It was asked to stop, and saved.
  case interrupted
}

/// Why a run failed.
public enum TrainingFailure: Error, Equatable, Sendable, CustomStringConvertible {
  /// A step failed.
  case training(TrainingError)
  /// Model or state could not be written or read.
  case checkpoint(CheckpointError)
  /// The corpus of a run that is to go on cannot be used.
  case corpus(CorpusError)

  /// One line, that of the error inside.
  public var description: String {
    switch self {
    case .training(let error): error.description
    case .checkpoint(let error): error.description
    case .corpus(let error): error.description
    }
  }
}

/// A training from start to saved model: steps, validates, keeps the best parameters, saves.
///
/// A loop over `Trainer.step`. Clock, interruption and display are passed in. The model file holds the parameters of the
/// best validation; the state file beside it holds all that a later run needs to go on as if nothing had happened.
public final class TrainingRun {
  /// What is trained, and on what.
  public let job: TrainingJob
  /// The stepper.
  public let trainer: Trainer
  /// How it goes; ends up in the model.
  public private(set) var record: TrainingRecord
  /// Where the model is written.
  public let modelPath: String
  /// Seconds between two saves in the course of the run.
  public var saveInterval = 120.0
  /// How many models of the last validations are kept beside the best one; see `KeptModels`.
  public var keptCount = 0

  let created: String
  private let validate: (() throws(TokenFileError) -> Evaluation)?
  private let best: ParameterStore
  private var hasBest = false
  private var lossSum = 0.0
  private var lossTokenCount = 0
  private var lastValidationSeconds = 0.0
  private let secondsBefore: Double
  private var isFirstSave: Bool

  /// A new run.
  public init(_ job: TrainingJob, model: ModelSettings, settings: TrainingSettings, modelPath: String, threadCount: Int)
  {
    let parameters = NetworkWeights.initialStore(
      model, inputVocabulary: job.tokenizer.vocabulary.count,
      outputVocabulary: job.outputTokenizer.vocabulary.count, seed: settings.randomSeed)
    self.job = job
    self.modelPath = modelPath
    trainer = Trainer(
      model: model, parameters: parameters, source: job.source(settings), settings: settings,
      threadCount: threadCount)
    record = TrainingRecord(settings: settings, corpus: job.corpus)
    created = Checkpoint.now()
    validate = job.makeValidator(for: trainer)
    best = ParameterStore(like: parameters)
    secondsBefore = 0
    isFirstSave = true
  }

  /// A run that goes on from its state file.
  /// - Parameters:
  ///   - corpusPaths: the corpus, where it is elsewhere now.
  ///   - length: another length, where one is given.
  ///   - threadCount: does not change the result.
  ///   - storage: where tokens are kept.
  ///   - observe: told of what happens while the corpus is read.
  /// - Throws: `TrainingFailure` where the state or the corpus cannot be used.
  public init(
    resuming modelPath: String, corpusPaths: [String]? = nil, length: TrainingLength? = nil, threadCount: Int,
    storage: TokenStorage = TokenStorage(), observe: @escaping (CorpusEvent) -> Void = { _ in }
  ) throws(TrainingFailure) {
    let statePath = TrainingRun.statePath(forModel: modelPath)
    let state: RunState
    do throws(CheckpointError) { state = try RunState(path: statePath) } catch { throw .checkpoint(error) }
    do throws(CorpusError) {
      job = try TrainingJob(
        resuming: state.record.corpus, kind: state.kind, tokenizer: state.tokenizer,
        outputTokenizer: state.outputTokenizer, paths: corpusPaths, storage: storage, observe: observe)
    } catch {
      throw .corpus(error)
    }
    record = state.record
    if let length { record.settings.length = length }
    self.modelPath = modelPath
    guard record.settings.precision.isAvailable else { throw .training(.unavailable(record.settings.precision)) }
    let parameters = NetworkWeights.emptyStore(
      state.model, inputVocabulary: job.tokenizer.vocabulary.count,
      outputVocabulary: job.outputTokenizer.vocabulary.count)
    trainer = Trainer(
      model: state.model, parameters: parameters, source: job.source(record.settings), settings: record.settings,
      threadCount: threadCount)
    do throws(TrainingError) {
      try trainer.restore(state.file, stepCount: record.steps)
    } catch {
      throw .training(error)
    }
    created = state.created
    validate = job.makeValidator(for: trainer)
    best = ParameterStore(like: parameters)
    if case .float32(let values) = state.file.tensor(named: "best")?.values, values.count == best.flatCount {
      best.flat.copy(from: values)
      hasBest = true
    }
    (lossSum, lossTokenCount) = (state.progress.lossSum, state.progress.lossTokenCount)
    secondsBefore = record.seconds
    isFirstSave = false
  }

  /// The state file that belongs to a model file: `NAME.state` beside `NAME.safetensors`.
  public static func statePath(forModel path: String) -> String {
    (path.hasSuffix(".safetensors") ? String(path.dropLast(".safetensors".count)) : path) + ".state"
  }

  /// What a transducer in training makes of its first pair; nil for a language model.
  public var preview: (input: String, wanted: String, predicted: String)? { job.preview(trainer) }

  /// Trains to the end or until interrupted, and saves.
  /// - Parameters:
  ///   - clock: seconds since the command started.
  ///   - isInterrupted: asked before each step.
  ///   - observe: told of everything that happens.
  /// - Throws: `TrainingFailure`; where a step failed, the best model so far has been saved.
  public func run(
    clock: () -> Double, isInterrupted: () -> Bool, observe: (TrainingEvent) -> Void
  ) throws(TrainingFailure) -> TrainingEnd {
    var lastSave = clock()
    var next = progress(at: clock())
    while let progress = next {
      if isInterrupted() {
        try save(at: clock(), observe: observe)
        return .interrupted
      }
      try step(progress: progress, clock: clock, observe: observe)
      next = self.progress(at: clock())
      if next == nil || trainer.stepCount % record.settings.validationInterval == 0 {
        try validateNow(clock: clock, observe: observe)
        // Validation takes time, too: a budget may be over now.
        if next != nil { next = self.progress(at: clock()) }
      }
      // `next` alone says whether there is another step, so that no run ends without its save.
      if next == nil || clock() - lastSave >= saveInterval {
        try save(at: clock(), observe: observe)
        lastSave = clock()
      }
    }
    return .finished
  }

  /// How much of the run is over, nil at its end. A budget keeps back the time for the last validation and the save.
  public func progress(at seconds: Double) -> Double? {
    if let total = trainer.totalStepCount {
      return trainer.stepCount < total ? Double(trainer.stepCount) / Double(total) : nil
    }
    guard case .budget(let budget) = record.settings.length else { return nil }
    let usable = budget - 2.5 * lastValidationSeconds - 0.3
    let used = secondsBefore + seconds
    return used < usable || trainer.stepCount == 0 ? min(used / max(usable, 1e-9), 1) : nil
  }

  private func step(
    progress: Double, clock: () -> Double, observe: (TrainingEvent) -> Void
  ) throws(TrainingFailure) {
    let start = clock()
    do throws(TrainingError) {
      let report = try trainer.step(progress: progress)
      record.steps = report.step
      record.epochs = trainer.epochs
      record.trainedTokens += report.tokenCount
      lossSum += report.nats * Double(report.tokenCount)
      lossTokenCount += report.tokenCount
      record.secondsInSteps += clock() - start
      observe(.step(report))
    } catch {
      if hasBest { try save(at: clock(), observe: observe) }
      throw .training(error)
    }
  }

  private func validateNow(clock: () -> Double, observe: (TrainingEvent) -> Void) throws(TrainingFailure) {
    let start = clock()
    let validNats: Double?
    do throws(TokenFileError) {
      validNats = try validate?().natsPerToken
    } catch {
      throw .training(.tokens(error))
    }
    lastValidationSeconds = clock() - start
    let isBest = validNats.map { $0 < record.bestValidNats ?? .infinity } ?? true
    if isBest {
      best.flat.copy(from: trainer.parameters.flat)
      hasBest = true
      record.bestValidNats = validNats
      record.bestStep = trainer.stepCount
    }
    let entry = HistoryEntry(
      step: trainer.stepCount, trainNats: lossSum / Double(max(lossTokenCount, 1)), validNats: validNats)
    record.history.append(entry)
    (lossSum, lossTokenCount) = (0, 0)
    observe(.validated(entry, isBest: isBest))
    try keepModel(validNats: validNats)
  }
}

// MARK: Saving

extension TrainingRun {
  /// The model as it would be saved now: the best parameters, or the present ones before the first validation.
  public var model: ModelSnapshot {
    ModelSnapshot(
      kind: job.kind, created: created, settings: trainer.model, tokenizer: job.tokenizer,
      outputTokenizer: job.outputTokenizer, training: record, parameters: hasBest ? best : trainer.parameters)
  }

  /// Writes the model and the state, each wholly or not at all. The first save of a new run keeps a model that is there
  /// already as `….previous`.
  private func save(at seconds: Double, observe: (TrainingEvent) -> Void) throws(TrainingFailure) {
    record.seconds = secondsBefore + seconds
    do throws(CheckpointError) {
      let model = model
      try Checkpoint.write(model, to: modelPath, keepingPreviousAs: isFirstSave ? modelPath + ".previous" : nil)
      isFirstSave = false
      let progress = RunProgress(lossSum: lossSum, lossTokenCount: lossTokenCount)
      try RunState.write(
        model, progress: progress, tensors: trainer.stateTensors, best: hasBest ? best.flat.array : nil,
        to: TrainingRun.statePath(forModel: modelPath))
    } catch {
      throw .checkpoint(error)
    }
    observe(.saved)
  }
}
