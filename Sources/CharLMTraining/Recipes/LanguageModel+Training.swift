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
    let data = TrainingData(corpus)
    let settings = try AutomaticSettings.settings(for: data, requested: requested)
    let run = TrainingRun(
      data, network: settings.network, settings: settings.training, modelPath: modelPath,
      threadCount: threadCount ?? Team.coreCount)
    let end = try run.run { event in
      if case .step = event { progress(run.status) }
    }
    guard end != .interrupted, let model = LanguageModel(run.model) else { throw CancellationError() }
    return model
  }
}
