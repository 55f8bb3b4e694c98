import HTTPTypes

/// What answers requests: the models, and those who work with them.
final class Service: Sendable {
  private let shelf: ModelShelf
  let desk: ReadingDesk
  let shaped: ShapedWriting
  let metrics = Metrics()
  let timeLimits: TimeLimits
  let readingThreadCount: Int
  private let runs: RunFolder?
  private let trainer: Trainer?

  /// What trains models for clients.
  struct Trainer: Sendable {
    let desk: TrainingDesk
    let corpora: CorpusFolder
  }

  /// How long answers may take: others, and those with texts of a shape, which others wait for.
  struct TimeLimits: Sendable {
    let usual: Duration
    let shaped: Duration
  }

  init(
    _ shelf: ModelShelf, _ desk: ReadingDesk, _ shaped: ShapedWriting, runs: RunFolder?, trainer: Trainer?,
    timeLimits: TimeLimits, readingThreadCount: Int
  ) {
    (self.shelf, self.desk, self.shaped, self.runs, self.trainer) = (shelf, desk, shaped, runs, trainer)
    (self.timeLimits, self.readingThreadCount) = (timeLimits, readingThreadCount)
  }

  /// The models, of which there is at least one.
  var models: [OfferedModel] { shelf.all }

  /// Ends what is being written.
  func stopWriting() { shelf.stop() }

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
  func model(named name: String?) throws(RequestError) -> OfferedModel {
    let models = models
    guard let name else { return models[0] }
    guard let found = models.first(where: { $0.name == name }) else {
      let names = models.map(\.name).joined(separator: ", ")
      throw RequestError(
        status: .notFound, message: "there is no model '\(name.prefix(100))' here; there is \(names)", field: "model")
    }
    return found
  }
}
