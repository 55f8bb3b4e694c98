import CharLM
import CharLMFiles
import CharLMTraining

/// Finds the model that a command reads.
enum ModelLookup {
  /// The folder that models are kept in.
  static let folder = "models"

  /// A model with the path that it was read from.
  struct Found {
    let path: String
    let model: ModelSnapshot
    let isVerified: Bool
    /// Whether it was found rather than named by the user.
    let isChosen: Bool
    /// The size of its file; 0 where that is gone.
    var fileBytes: Int { (try? Files.size(path)) ?? 0 }

    /// Names the model where the user did not, and warns of a missing checksum. To be called once nothing can fail any
    /// more, so that an error stays one line.
    func announce(_ console: Console) {
      if isChosen { console.say("model: \(path)") }
      if !isVerified {
        console.warn("\(path) has no checksum, so damage to its numbers would go unnoticed")
      }
    }
  }

  /// Reads the model at `path`, or the newest of a kind in `models/`.
  /// - Parameters:
  ///   - kind: nil for any.
  ///   - isChosen: whether `path` was found rather than named by the user.
  static func read(_ path: String?, kind: ModelKind?, isChosen: Bool = false) throws -> Found {
    let chosen = try path.map(existing) ?? newest(kind: kind)
    let loaded = try Checkpoint.read(path: chosen)
    if let kind, loaded.model.kind != kind { throw wrongKind(chosen, loaded.model.kind) }
    return Found(
      path: chosen, model: loaded.model, isVerified: loaded.checksum == .verified, isChosen: isChosen || path == nil)
  }

  /// A path that was named, or what it stands for: without its extension, or without the folder of models.
  private static func existing(_ path: String) -> String { found(path) ?? path }

  /// Whether a file is at a path that was named, or at what it stands for.
  static func isThere(_ path: String) -> Bool { found(path) != nil }

  private static func found(_ path: String) -> String? {
    let candidates = [path, path + ".safetensors"]
    let all = candidates + (path.contains("/") ? [] : candidates.map { Files.join(folder, $0) })
    return all.first { Files.exists($0) && !Files.isFolder($0) }
  }

  /// The same for a language model.
  static func language(_ path: String?) throws -> (found: Found, model: LanguageModel) {
    let found = try read(path, kind: .language)
    guard let model = LanguageModel(found.model) else { throw wrongKind(found.path, found.model.kind) }
    return (found, model)
  }

  /// The language model in `models/` with this identity, whatever its name; nil where there is none.
  /// - Parameter likelyName: what it was called; it is tried first.
  static func language(identity: [UInt8], likelyName: String) -> (path: String, model: LanguageModel)? {
    let names = (try? Files.names(in: folder, suffix: ".safetensors")) ?? []
    let first = likelyName + ".safetensors"
    for name in names.filter({ $0 == first }) + names.filter({ $0 != first }) {
      let path = Files.join(folder, name)
      if let model = try? LanguageModel(path: path), model.identity == identity { return (path, model) }
    }
    return nil
  }

  /// The language models at `paths`, to predict together; without any, the newest one.
  static func ensemble(_ paths: [String]) throws -> (found: [Found], model: Ensemble) {
    let named: [String?] = paths.isEmpty ? [nil] : paths
    let members = try named.map { try language($0) }
    return (members.map(\.found), try Ensemble(members.map { ($0.found.path, $0.model) }))
  }

  /// The same for a transducer.
  static func transducer(_ path: String?) throws -> (found: Found, model: Transducer) {
    let found = try read(path, kind: .transducer)
    guard let model = Transducer(found.model) else { throw wrongKind(found.path, found.model.kind) }
    return (found, model)
  }

  /// The model file in `models/` with the latest `created` in its header.
  static func newest(kind: ModelKind?, suffix: String = ".safetensors") throws -> String {
    // Models that a run keeps on its way (--keep) are used only where they are named.
    let names = ((try? Files.names(in: folder, suffix: suffix)) ?? []).filter { KeptModels.origin(of: $0) == nil }
    let candidates = names.map { Files.join(folder, $0) }.compactMap { path in
      Checkpoint.summary(path: path).map { (path: path, kind: $0.kind, created: $0.created) }
    }
    let fitting = candidates.filter { kind == nil || $0.kind == kind }
    guard let newest = fitting.max(by: { ($0.created, $0.path) < ($1.created, $1.path) }) else {
      throw none(kind)
    }
    return newest.path
  }

  private static func none(_ kind: ModelKind?) -> CommandFailure {
    let what = Files.isFolder(folder) ? "in the folder 'models'" : "here: there is no folder 'models'"
    return switch kind {
    case .language?:
      CommandFailure("no language model \(what)", next: "give one with --model, or make one with 'charlm train FILE'")
    case .transducer?:
      CommandFailure(
        "no transducer \(what)", next: "give one with --model, or make one with 'charlm train PAIRS.tsv --pairs'")
    case nil: CommandFailure("no model \(what)", next: "name one, or make one with 'charlm train FILE'")
    }
  }

  private static func wrongKind(_ path: String, _ kind: ModelKind) -> CommandFailure {
    switch kind {
    case .language:
      CommandFailure("\(path): is a language model, not a transducer", next: "'charlm sample' reads it")
    case .transducer:
      CommandFailure("\(path): is a transducer, not a language model", next: "'charlm transduce' reads it")
    }
  }
}
