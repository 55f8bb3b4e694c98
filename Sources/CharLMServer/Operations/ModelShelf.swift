import CharLM
import CharLMFiles
import Synchronization
import TrainingWatch

/// The models that a server offers: those that it was started with, and the last ones that were trained here.
final class ModelShelf: Sendable {
  private struct Models {
    var given: [Service.Served]
    /// By the runs that they come from, the latest one last.
    var trained: [(run: String, served: Service.Served)] = []
  }

  private let settings: ServerSettings
  private let models: Mutex<Models>

  /// Each model has memory and threads of its own.
  private static let mostTrained = 4

  /// - Precondition: there is a model.
  init(_ models: [ServedModel], _ settings: ServerSettings) {
    precondition(!models.isEmpty, "a server of no models")
    self.settings = settings
    self.models = Mutex(Models(given: models.map { ModelShelf.served($0, settings) }))
  }

  /// The models, those that the server was started with first.
  var all: [Service.Served] { models.withLock { $0.given + $0.trained.map(\.served) } }

  /// Offers what a run has made, in the place of what it had made before. Texts that are being written by a model which
  /// is taken away end.
  func offer(_ snapshot: ModelSnapshot, from run: String, modelPath: String) {
    guard let model = LanguageModel(snapshot) else { return }
    let isTaken = models.withLock { $0.given.contains { $0.name == run } }
    let bytes = (try? Files.size(modelPath)) ?? 0
    let served = ModelShelf.served(
      ServedModel(name: isTaken ? run + " (run)" : run, model: model, fileBytes: bytes), settings)
    let removed = models.withLock { models -> [Service.Served] in
      var removed = models.trained.filter { $0.run == run }.map(\.served)
      models.trained.removeAll { $0.run == run }
      models.trained.append((run, served))
      while models.trained.count > ModelShelf.mostTrained { removed.append(models.trained.removeFirst().served) }
      return removed
    }
    for served in removed { served.engine.stop() }
  }

  /// Ends what is being written.
  func stop() { for served in all { served.engine.stop() } }

  private static func served(_ model: ServedModel, _ settings: ServerSettings) -> Service.Served {
    let engine = WritingEngine(
      model.model, streamCount: settings.streamCount, waitingLimit: settings.waitingCount,
      precision: settings.precision, threadCount: settings.threadCount)
    let report = ModelReport(
      model.model.snapshot, name: model.name, fileBytes: model.fileBytes, isVerified: model.isVerified)
    return Service.Served(name: model.name, model: model.model, engine: engine, report: report)
  }
}
