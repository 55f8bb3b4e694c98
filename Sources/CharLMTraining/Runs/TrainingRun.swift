import CharLM
import CharLMData
import CharLMFiles
import CharLMText
import RecurrentNN

/// A training from start to saved model: steps, validates, keeps the best parameters, saves.
///
/// A loop over `Trainer.step`. Clock, interruption and display are passed in. The model file holds the parameters of the
/// best validation; the state file beside it, written from the start on, holds all that a later run needs to go on as
/// if nothing had happened, and is what the run is rolled back to when training diverges. (After that the
/// result depends on when it was saved: it repeats bit for bit where it is saved every so many steps.)
public final class TrainingRun {
  /// What is trained, and on what.
  public let data: TrainingData
  /// The stepper.
  public let trainer: Trainer
  /// How it goes; ends up in the model.
  public internal(set) var record: TrainingRecord
  /// Where the model is written; nil for a run that writes nothing, and for a rank that leaves that to the first one.
  public let modelPath: String?
  /// Whether the model is written, by this rank or by the first one.
  let isWritten: Bool
  /// How often model and state are saved.
  public var saveInterval = SaveInterval.seconds(120)
  /// How many models of the last validations are kept beside the best one; see `KeptModels`.
  public var keptCount = 0
  /// Whether what an earlier run left in the place of this run's files is replaced, instead of being kept under a number:
  /// `NAME.1.safetensors` with its `NAME.1.state`.
  public var isOverwriting = false

  /// When it was begun, ISO 8601.
  public let created: String
  let best: ParameterStore
  var hasBest = false
  /// The sum of the training losses since the last validation, in nats, and their number.
  var lossSum = 0.0
  var lossTokenCount = 0
  /// The loss of about the last twenty steps, in nats.
  var recentNats: Double?
  /// Steps skipped since the last one that was not.
  var skippedInARow = 0
  /// Whether the files at `modelPath` and beside it are this run's own.
  var hasSavedModel: Bool
  var hasSavedState: Bool
  /// The state that was saved last, of a run that writes nothing.
  var stateInMemory: [UInt8] = []
  let secondsBefore: Double
  /// Of a run that goes on with another length: the learning rate where it stopped, and the one that it goes on with.
  public let rateChange: (before: Float, now: Float)?
  /// Held until the run has ended.
  private var lock: ModelLock?
  private let validate: (() throws(TokenFileError) -> Evaluation)?
  private var lastValidationSeconds: Double?
  /// The steps since this part of the run started, and the time a token took in the fastest.
  private var timedStepCount = 0
  private var leastSecondsPerToken = Double.infinity

  /// A new run.
  /// - Parameters:
  ///   - data: with no more of its validation text than the settings allow; see `TrainingData.validating(upTo:)`.
  ///   - modelPath: where the model is written, with the run's state beside it; nil to keep all in memory.
  ///   - threadCount: does not change the result.
  ///   - lock: that of `modelPath`, where the caller has it already, so that nobody takes it while a corpus is read; nil to
  ///     take it when the run starts.
  ///   - communicator: the ranks that train together, each with a run of the same data and settings. The first one writes
  ///     and is told what happens; the others' `observe` is called, too.
  public init(
    _ data: TrainingData, network: NetworkSettings, settings: TrainingSettings, modelPath: String? = nil,
    threadCount: Int, lock: ModelLock? = nil, communicator: Communicator = .alone
  ) {
    let parameters = NetworkWeights.initialStore(
      network, inputVocabulary: data.tokenizer.vocabulary.count,
      outputVocabulary: data.outputTokenizer.vocabulary.count, seed: settings.randomSeed)
    self.data = data
    (self.modelPath, self.lock) = (communicator.isFirst ? modelPath : nil, lock)
    isWritten = modelPath != nil
    trainer = Trainer(
      network: network, parameters: parameters, source: data.source(settings), settings: settings,
      threadCount: threadCount, communicator: communicator)
    record = TrainingRecord(settings: settings, corpus: data.corpus)
    record.settings.distillation = data.teacher?.distillation
    created = Timestamp.now()
    validate = data.makeValidator(for: trainer)
    best = ParameterStore(like: parameters)
    (hasSavedModel, hasSavedState) = (false, false)
    (secondsBefore, rateChange) = (0, nil)
  }

  /// A run that goes on from its state file.
  /// - Parameters:
  ///   - corpusPaths: the corpus, where it is elsewhere now.
  ///   - length: another length, where one is given; it ends a patience that was chosen with the first one, and one that was
  ///     requested begins anew.
  ///   - threadCount: does not change the result.
  ///   - storage: where tokens are kept.
  ///   - communicator: the ranks that train together, as many as before or not; the state need not be there for any but
  ///     the first.
  ///   - syncInterval: see `RankSettings`; nil for what the run had.
  ///   - observe: called with what happens while the corpus is read.
  /// - Throws: `TrainingFailure` where the state or the corpus cannot be used, or the run is still in progress.
  public init(
    resuming modelPath: String, corpusPaths: [String]? = nil, length: TrainingLength? = nil, threadCount: Int,
    storage: TokenStorage = TokenStorage(), communicator: Communicator = .alone, syncInterval: Int? = nil,
    observe: @escaping (CorpusEvent) -> Void = { _ in }
  ) throws(TrainingFailure) {
    let state: RunState
    (lock, state) = try TrainingRun.begin(again: modelPath, communicator)
    let saved = state.metadata
    let whole: TrainingData
    do throws(CorpusError) {
      whole = try TrainingData(
        resuming: saved.training.corpus, kind: saved.kind, tokenizer: saved.tokenizer,
        outputTokenizer: saved.outputTokenizer, paths: corpusPaths, storage: storage, observe: observe)
    } catch {
      throw .corpus(error)
    }
    record = saved.training
    if let length { record.settings.replaceLength(length) }
    record.settings.share(among: communicator.size, syncInterval: syncInterval)
    let limit = record.settings.validationTokenLimit
    let limited: TrainingData
    do throws(TokenFileError) {
      limited = try whole.validating(upTo: limit)
    } catch {
      throw .training(.tokens(error))
    }
    do throws(DistillationError) {
      data =
        try record.settings.distillation.map { (distillation) throws(DistillationError) in
          try limited.taught(againBy: distillation, threadCount: threadCount)
        } ?? limited
    } catch {
      throw .distillation(error)
    }
    self.modelPath = communicator.isFirst ? modelPath : nil
    isWritten = true
    let parameters = try state.emptyStore()
    let settings = RunSettings(network: saved.settings, training: record.settings)
    do throws(SettingsError) {
      try settings.check(for: saved.kind)
      try settings.checkSizes(for: data)
    } catch {
      throw .settings(error)
    }
    trainer = Trainer(
      network: saved.settings, parameters: parameters, source: data.source(record.settings),
      settings: record.settings, threadCount: threadCount, communicator: communicator)
    created = saved.created
    validate = data.makeValidator(for: trainer)
    best = ParameterStore(like: trainer.parameters)
    (hasSavedModel, hasSavedState) = (Checkpoint.summary(path: modelPath)?.created == created, true)
    secondsBefore = record.seconds
    rateChange = TrainingRun.rateChange(
      from: saved.training.settings, to: record.settings, step: state.progress.stepCount,
      stepsPerEpoch: trainer.source.stepsPerEpoch)
    try restore(state, withBest: true)
    if length != nil, isOutOfPatience { record.validationsSinceBest = 0 }
    removeKeptModels(beyond: trainer.stepCount)
  }

  /// The learning rate of a step by the settings that the run had, and by those that it has now; nil where a time decides.
  private static func rateChange(
    from old: TrainingSettings, to new: TrainingSettings, step: Int, stepsPerEpoch: Double
  ) -> (before: Float, now: Float)? {
    func rate(_ settings: TrainingSettings) -> Float? {
      settings.length.stepCount(stepsPerEpoch: stepsPerEpoch).map { total in
        settings.schedule.rate(step: step, progress: Double(step) / Double(max(total, 1)))
      }
    }
    guard let before = rate(old), let now = rate(new) else { return nil }
    return (before, now)
  }

  /// What a transducer in training makes of its first pair; nil for a language model.
  public var preview: (input: String, wanted: String, predicted: String)? { data.preview(trainer) }

  /// Trains to the end or until interrupted, and saves.
  /// - Parameters:
  ///   - clock: seconds since the command started.
  ///   - isInterrupted: asked before each step.
  ///   - observe: called with everything that happens.
  /// - Throws: `TrainingFailure`; the best model so far has been saved.
  public func run(
    clock: () -> Double, isInterrupted: () -> Bool, observe: (TrainingEvent) -> Void
  ) throws(TrainingFailure) -> TrainingEnd {
    if lock == nil, let modelPath { lock = try TrainingRun.lock(modelPath) }
    defer { lock = nil }
    do throws(TrainingFailure) {
      try tidy()
      return try train(clock: clock, isInterrupted: isInterrupted, observe: observe)
    } catch {
      // The first failure is the one to report.
      if hasBest { try? saveModel() }
      throw error
    }
  }

  private func train(
    clock: () -> Double, isInterrupted: () -> Bool, observe: (TrainingEvent) -> Void
  ) throws(TrainingFailure) -> TrainingEnd {
    func moment() -> Moment { Moment(clock, isInterrupted, trainer.communicator) }
    trainer.align()
    var now = moment()
    if !hasSavedState { try saveState(at: now.seconds) }
    var saved = (seconds: now.seconds, step: trainer.stepCount)
    var next = progress(at: now.seconds)
    if next == nil || isOutOfPatience {
      // A process that was killed in its last save may have left the state without the model.
      try saveModel()
      return next == nil ? .finished : .stoppedEarly
    }
    while let progress = next {
      if now.isInterrupted {
        try save(at: now.seconds, observe: observe)
        return .interrupted
      }
      let before = (seconds: now.seconds, step: trainer.stepCount)
      let report = try step(progress: progress, at: now.seconds)
      now = moment()
      note(report, seconds: now.seconds - before.seconds)
      observe(.step(report))
      // Whoever observes takes time, too; ranks learn of it after the next step.
      if trainer.communicator.isAlone { now = moment() }
      next = self.progress(at: now.seconds)
      var isDiverged = hasDiverged(isLast: next == nil)
      if !isDiverged, next == nil || isValidationDue(since: before.step) {
        isDiverged = try !validateNow(at: now.seconds, moment, observe: observe)
        now = moment()
        // Validation takes time, too: a budget may be over now; or it took less than expected, and there is time left.
        next = self.progress(at: now.seconds)
      }
      if isDiverged {
        try rollBack(at: now.seconds, observe: observe)
        now = moment()
        next = self.progress(at: now.seconds)
      }
      // `next` alone says whether there is another step, so that no run ends without its validation and its save.
      let isOver = next == nil || isOutOfPatience
      if isOver || isSaveDue(since: saved, at: now.seconds) {
        do throws(TrainingFailure) {
          try save(at: now.seconds, isLast: isOver, observe: observe)
        } catch {
          // A run of days must not die of a disk that is full for an hour; at its end there is no later.
          guard !isOver else { throw error }
          observe(.saveFailed(error))
        }
        now = moment()
        saved = (now.seconds, trainer.stepCount)
      }
      if isOver { return next == nil ? .finished : .stoppedEarly }
    }
    return .finished
  }

  /// Whether a validation falls into the steps since one, of which ranks may have made several by themselves.
  private func isValidationDue(since step: Int) -> Bool {
    let interval = record.settings.validationInterval
    return trainer.stepCount / interval > step / interval
  }

  /// How much of the run is over, nil at its end.
  public func progress(at seconds: Double) -> Double? {
    let limit = record.settings.timeLimit.map(usable)
    let isOutOfTime = limit.map { secondsBefore + seconds >= $0 && trainer.stepCount > 0 } ?? false
    if let total = trainer.totalStepCount {
      return trainer.stepCount < total && !isOutOfTime ? Double(trainer.stepCount) / Double(total) : nil
    }
    guard case .budget(let budget) = record.settings.length else { return nil }
    let used = secondsBefore + seconds
    return used < usable(budget) || trainer.stepCount == 0 ? min(used / max(usable(budget), 1e-9), 1) : nil
  }

  /// The part of a time that is for steps: the last validation, the evaluation of the saved model, and the save need
  /// some.
  private func usable(_ seconds: Double) -> Double {
    seconds - 2.5 * (lastValidationSeconds ?? expectedValidationSeconds) - 0.3
  }

  /// The time of a validation, judged by the fastest step, for the first ones are slow: reading in float32 costs up to
  /// two thirds of training.
  private var expectedValidationSeconds: Double {
    guard timedStepCount >= 5 else { return 0 }
    return Double(data.validationTokenCount) * leastSecondsPerToken / 1.5
  }

  private func step(progress: Double, at seconds: Double) throws(TrainingFailure) -> StepReport {
    do throws(TrainingError) {
      guard let limit = stepLimit(at: seconds) else { return try trainer.step(progress: progress) }
      return try trainer.step(progress: progress, limit: limit.count, progressOfStep: limit.progress)
    } catch {
      throw .training(error)
    }
  }

  /// How many steps fit into what is left of a time, and how much of the run each is; nil where no time limits it, and
  /// before the first step.
  private func stepLimit(at seconds: Double) -> (count: Int, progress: Double)? {
    guard case .budget(let budget) = record.settings.length, record.steps > 0, record.secondsInSteps > 0 else {
      return nil
    }
    // A recorded time may be as good as nothing.
    let ofStep = max(record.secondsInSteps / Double(record.steps), 1e-9)
    let left = usable(budget) - secondsBefore - seconds
    return (Int(min(max(left / ofStep, 1), 1e9)), ofStep / max(usable(budget), 1e-9))
  }

  private func note(_ report: StepReport, seconds: Double) {
    record.steps = report.step
    record.epochs = trainer.epochs
    record.trainedTokens += report.tokenCount
    record.secondsInSteps += seconds
    timedStepCount += 1
    leastSecondsPerToken = min(leastSecondsPerToken, seconds / Double(max(report.tokenCount, 1)))
    if report.isSkipped {
      record.skippedSteps += 1
      skippedInARow += 1
    } else {
      skippedInARow = 0
      lossSum += report.nats * Double(report.tokenCount)
      lossTokenCount += report.tokenCount
      recentNats = recentNats.map { $0 + 0.05 * (report.nats - $0) } ?? report.nats
    }
  }

  /// Validates as a run does, and keeps the parameters as it would keep the best; records nothing.
  func rehearseValidation() throws(TrainingFailure) {
    do throws(TokenFileError) { _ = try validate?() } catch { throw .training(.tokens(error)) }
    best.flat.copy(from: trainer.result.flat)
  }

  /// Evaluates the validation text and records the result.
  /// - Returns: false where the loss is not finite; nothing is recorded then.
  private func validateNow(
    at start: Double, _ moment: () -> Moment, observe: (TrainingEvent) -> Void
  ) throws(TrainingFailure) -> Bool {
    trainer.align()
    let validNats: Double?
    do throws(TokenFileError) {
      validNats = try validate?().natsPerToken
    } catch {
      throw .training(.tokens(error))
    }
    lastValidationSeconds = moment().seconds - start
    guard validNats?.isFinite ?? true else { return false }
    let isBest = validNats.map { $0 < record.bestValidNats ?? .infinity } ?? true
    record.validationsSinceBest = isBest ? 0 : record.validationsSinceBest + 1
    if isBest {
      best.flat.copy(from: trainer.result.flat)
      hasBest = true
      (record.bestValidNats, record.bestStep) = (validNats, trainer.stepCount)
    }
    // Where all steps were skipped the loss is that of the ones before.
    let trainNats = lossTokenCount > 0 ? lossSum / Double(lossTokenCount) : record.history.last?.trainNats ?? 0
    let entry = HistoryEntry(step: trainer.stepCount, trainNats: trainNats, validNats: validNats)
    record.history.append(entry)
    (lossSum, lossTokenCount) = (0, 0)
    lowerRateOnPlateau()
    observe(.validated(entry, isBest: isBest))
    do throws(TrainingFailure) {
      try keepModel(validNats: validNats)
    } catch {
      // It is one of many; the run itself is not at stake.
      observe(.saveFailed(error))
    }
    return true
  }
}

/// What the clock shows and whether somebody asks for an end, at the same point of the run at all ranks: what they decide
/// by it they decide alike.
private struct Moment {
  /// The first rank's.
  let seconds: Double
  /// Whether any rank was asked for an end.
  let isInterrupted: Bool

  init(_ clock: () -> Double, _ isInterrupted: () -> Bool, _ communicator: Communicator) {
    let told = communicator.sums([communicator.isFirst ? clock() : 0, isInterrupted() ? 1 : 0])
    (seconds, self.isInterrupted) = (told[0], told[1] > 0)
  }
}
