import CharLM
import CharLMData
import CharLMText
import RecurrentNN

extension LanguageModel {
  /// Trains a model on a text in memory. Settings that are not requested are chosen for the text's length.
  ///
  ///     let model = try LanguageModel.train(on: text) { print($0.step, $0.trainNats ?? 0) }
  ///
  /// The last tenth of the text is kept for validation, and the model is the best one by it. Training goes on in the
  /// calling thread, with worker threads beside it; where the task that calls it is cancelled, it ends after the step.
  /// - Parameters:
  ///   - requested: settings to be used in place of those that would be chosen, such as `\.training.length`.
  ///   - threadCount: nil for one thread a core; does not change the result.
  ///   - progress: called after each step.
  /// - Throws: `CorpusError` where the text is too short, `SettingsError` where requested sizes do not fit it,
  ///   `TrainingFailure` where training diverges, `CancellationError`.
  public static func train(
    on text: String, requested: RequestedSettings = RequestedSettings(), threadCount: Int? = nil,
    progress: (TrainingStatus) -> Void = { _ in }
  ) throws -> LanguageModel {
    try train(on: Corpus(text: text), requested: requested, threadCount: threadCount, progress: progress)
  }

  /// Trains a model on a corpus, such as one of files. Settings that are not requested are chosen for its size.
  /// - Parameter modelPath: where the model is written, with the state from which the run can be resumed beside it; nil to
  ///   write nothing.
  public static func train(
    on corpus: Corpus, requested: RequestedSettings = RequestedSettings(), modelPath: String? = nil,
    threadCount: Int? = nil, progress: (TrainingStatus) -> Void = { _ in }
  ) throws -> LanguageModel {
    let run = try TrainingRun(on: corpus, requested: requested, modelPath: modelPath, threadCount: threadCount)
    guard let model = LanguageModel(try run.trained(isInterrupted: { Task.isCancelled }, progress: progress)) else {
      preconditionFailure("a corpus that makes no language model")
    }
    return model
  }
}

extension TrainingRun {
  /// A run with settings that are chosen for the corpus where they are not requested.
  convenience init(on corpus: Corpus, requested: RequestedSettings, modelPath: String?, threadCount: Int?) throws {
    let data = TrainingData(corpus)
    let settings = try AutomaticSettings.settings(for: data, requested: requested)
    self.init(
      try data.validating(upTo: settings.training.validationTokenLimit), network: settings.network,
      settings: settings.training, modelPath: modelPath,
      threadCount: threadCount ?? Team.coreCount)
  }

  /// Trains to the end.
  /// - Throws: `TrainingFailure`; `CancellationError` where the run was interrupted.
  func trained(isInterrupted: () -> Bool, progress: (TrainingStatus) -> Void) throws -> ModelSnapshot {
    let start = ContinuousClock.now
    let end = try run(clock: { (ContinuousClock.now - start) / .seconds(1) }, isInterrupted: isInterrupted) { event in
      if case .step = event { progress(status) }
    }
    if end == .interrupted { throw CancellationError() }
    return model
  }
}
