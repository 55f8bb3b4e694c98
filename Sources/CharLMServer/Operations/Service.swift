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
  let metrics = Metrics()
  let timeLimit: Duration
  let readingThreadCount: Int
  private let runs: RunFolder?

  init(_ models: [Served], _ desk: ReadingDesk, runs: RunFolder?, timeLimit: Duration, readingThreadCount: Int) {
    precondition(!models.isEmpty, "a server of no models")
    (self.models, self.desk, self.runs, self.timeLimit) = (models, desk, runs, timeLimit)
    self.readingThreadCount = readingThreadCount
  }

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
