import CharLM
import CharLMFiles
import Synchronization
import TrainingWatch

/// A model with what writes its texts.
struct OfferedModel: Sendable {
  let name: String
  let model: LanguageModel
  let engine: WritingEngine
  let report: ModelReport
}

/// The models that a server offers: those that it was started with, and the last ones that were trained here.
final class ModelShelf: Sendable {
  private struct Models {
    var given: [OfferedModel]
    /// By the runs that they come from, the latest one last.
    var trained: [(run: String, served: OfferedModel)] = []
  }

  private let makeEngine: @Sendable (LanguageModel) -> WritingEngine
  private let models: Mutex<Models>

  /// Each model has memory and threads of its own.
  private static let mostTrained = 4

  /// - Parameter makeEngine: makes what writes a model's texts.
  /// - Precondition: there is a model.
  init(_ models: [ServedModel], makeEngine: @escaping @Sendable (LanguageModel) -> WritingEngine) {
    precondition(!models.isEmpty, "a server of no models")
    self.makeEngine = makeEngine
    self.models = Mutex(Models(given: models.map { ModelShelf.offered($0, makeEngine($0.model)) }))
  }

  /// The models, those that the server was started with first.
  var all: [OfferedModel] { models.withLock { $0.given + $0.trained.map(\.served) } }

  /// Offers what a run has made, in the place of what it had made before. Texts that are being written by a model which
  /// is taken away end.
  func offer(_ snapshot: ModelSnapshot, from run: String, modelPath: String) {
    guard let model = LanguageModel(snapshot) else { return }
    let isTaken = models.withLock { $0.given.contains { $0.name == run } }
    let bytes = (try? Files.size(modelPath)) ?? 0
    let served = ModelShelf.offered(
      ServedModel(name: isTaken ? run + " (run)" : run, model: model, fileBytes: bytes), makeEngine(model))
    let removed = models.withLock { models -> [OfferedModel] in
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

  private static func offered(_ model: ServedModel, _ engine: WritingEngine) -> OfferedModel {
    let report = ModelReport(
      model.model.snapshot, name: model.name, fileBytes: model.fileBytes, isVerified: model.isVerified)
    return OfferedModel(name: model.name, model: model.model, engine: engine, report: report)
  }
}
