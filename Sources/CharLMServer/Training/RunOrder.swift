import CharLM
import CharLMData
import CharLMFiles
import CharLMText
import CharLMTraining

/// A run that a client has asked for.
struct RunOrder: Sendable {
  /// What it begins with.
  enum Beginning: Sendable {
    /// A text, of which a model is to be made.
    case corpus(path: String, TextSettings, documentSeparator: String?, validation: Double, RequestedSettings)
    /// What an earlier run has saved; with another length, where one is given.
    case state(corpora: CorpusFolder, TrainingLength?)
  }

  let name: String
  /// The run's files: its model, with the state beside it, and its log.
  let modelPath: String
  let logPath: String
  let beginning: Beginning

  /// Whether it goes on with its log.
  var isResumed: Bool { if case .state = beginning { true } else { false } }

  /// Reads the corpus, and makes the run, which has locked its model.
  /// - Throws: `RequestError` where files of this name are there, or a corpus is missing; else what says why it cannot be.
  func makeRun(threadCount: Int, clock: () -> Double) throws -> TrainingRun {
    switch beginning {
    case .corpus(let path, let text, let separator, let validation, let requested):
      let lock = try ModelLock(modelPath: modelPath)
      try checkFree()
      let corpus = try Corpus(
        paths: [path], settings: text, isAutomatic: true, validation: .fraction(validation),
        documentSeparator: separator)
      let data = TrainingData(corpus)
      let settings = try AutomaticSettings.settings(
        for: data, requested: requested, threadCount: threadCount, clock: clock)
      let limited = try data.validating(upTo: settings.training.validationTokenLimit)
      try settings.checkSizes(for: limited)
      return TrainingRun(
        limited, network: settings.network, settings: settings.training, modelPath: modelPath,
        threadCount: threadCount, lock: lock)
    case .state(let corpora, let length):
      let record = try TrainingRun.savedRecord(forModel: modelPath)
      return try TrainingRun(
        resuming: modelPath, corpusPaths: try paths(of: record, in: corpora), length: length,
        threadCount: threadCount)
    }
  }

  /// Nothing is ever written over.
  private func checkFree() throws(RequestError) {
    for path in [logPath, modelPath, TrainingRun.statePath(forModel: modelPath)] where Files.isTaken(path) {
      throw RequestError(
        status: .conflict, message: "there is a run '\(name)' already; take another name", field: "name")
    }
  }

  /// A run goes on with texts of the folder alone, by their names; that they are the same is checked as they are read.
  private func paths(of record: TrainingRecord, in corpora: CorpusFolder) throws(RequestError) -> [String] {
    guard record.settings.distillation == nil, record.corpus.validationFile == nil else {
      throw .wrong("run", "needs more than one text; 'charlm train --resume' goes on with it")
    }
    var paths: [String] = []
    for file in record.corpus.files {
      let name = Files.name(of: file.path)
      guard try corpora.names.contains(name) else {
        throw .wrong(
          "run", "was trained on '\(name)', which is not among the corpora; 'charlm train --resume' goes on with it")
      }
      paths.append(try corpora.path(of: name, field: "run"))
    }
    return paths
  }
}

extension RequestError {
  /// Why a training cannot begin, where that is the request's fault; nil where it is not.
  init?(training error: any Error) {
    let field: String?
    switch error {
    case let error as RequestError:
      self = error
      return
    case is ModelLockError, TrainingFailure.lock:
      self.init(status: .conflict, message: "\(error)")
      return
    case is CorpusError: field = "corpus"
    case is SettingsError: field = nil
    case is TrainingFailure: field = "run"
    default: return nil
    }
    self.init(status: .badRequest, message: "\(error)", field: field)
  }
}
