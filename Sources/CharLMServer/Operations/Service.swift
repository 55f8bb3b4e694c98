import CharLM
import HTTPTypes

/// What answers requests: the models, and those who work with them.
final class Service: Sendable {
  /// A model and what writes its texts.
  struct Served: Sendable {
    let name: String
    let model: LanguageModel
    let engine: WritingEngine
    let report: ModelReport
  }

  let models: [Served]
  let desk: ReadingDesk
  let shaped: ShapedWriting
  let metrics = Metrics()
  let timeLimit: Duration
  /// How long an answer with texts of a shape may take, which others wait for.
  let shapedTimeLimit: Duration
  let readingThreadCount: Int
  private let runs: RunFolder?
  private let trainer: Trainer?

  /// What trains models for clients.
  struct Trainer: Sendable {
    let desk: TrainingDesk
    let corpora: CorpusFolder
  }

  init(_ models: [Served], _ settings: ServerSettings) {
    precondition(!models.isEmpty, "a server of no models")
    self.models = models
    desk = ReadingDesk(limit: settings.readingCount)
    shaped = ShapedWriting(
      limit: settings.shapedCount, precision: settings.precision, threadCount: settings.threadCount)
    runs = settings.runFolder.map { RunFolder(path: $0) }
    trainer = settings.training.map { permission in
      Trainer(
        desk: TrainingDesk(permission, threadCount: settings.threadCount),
        corpora: CorpusFolder(path: permission.corpusFolder))
    }
    (timeLimit, shapedTimeLimit) = (settings.timeLimit, settings.shapedTimeLimit)
    readingThreadCount = settings.threadCount
  }

  /// Whether clients may have models trained.
  var allowsTraining: Bool { trainer != nil }

  /// What trains models for clients.
  /// - Throws: `RequestError` where that is not allowed.
  var training: Trainer {
    get throws(RequestError) {
      guard let trainer else {
        throw RequestError(
          status: .forbidden, message: "this server trains no models: it was started without --allow-training")
      }
      return trainer
    }
  }

  /// The name of the run that trains here; nil where none does.
  var presentRun: String? { trainer?.desk.presentName }

  /// Stops the run that trains, which then is saved; no other begins.
  func closeTraining() { trainer?.desk.close() }

  /// Returns once no run trains.
  func trainingEnded() async { await trainer?.desk.ended() }

  /// Whether there is a folder with the logs of runs.
  var showsRuns: Bool { runs != nil }

  /// The folder with the logs of runs.
  /// - Throws: `RequestError` where the server has none.
  var runFolder: RunFolder {
    get throws(RequestError) {
      guard let runs else {
        throw RequestError(status: .notFound, message: "this server shows no runs: it was started without --runs")
      }
      return runs
    }
  }

  /// The model that a request names, or the first one.
  /// - Throws: `RequestError` where there is none of this name.
  func model(named name: String?) throws(RequestError) -> Served {
    guard let name else { return models[0] }
    guard let found = models.first(where: { $0.name == name }) else {
      let names = models.map(\.name).joined(separator: ", ")
      throw RequestError(
        status: .notFound, message: "there is no model '\(name.prefix(100))' here; there is \(names)", field: "model")
    }
    return found
  }
}
