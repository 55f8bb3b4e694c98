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

  init(_ models: [Served], _ desk: ReadingDesk, timeLimit: Duration, readingThreadCount: Int) {
    precondition(!models.isEmpty, "a server of no models")
    (self.models, self.desk, self.timeLimit) = (models, desk, timeLimit)
    self.readingThreadCount = readingThreadCount
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
