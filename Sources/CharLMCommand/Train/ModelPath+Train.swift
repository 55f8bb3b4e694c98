import CharLMFiles
import CharLMTraining

// Where a training writes its model.
extension ModelPath {
  /// The path that was given, or the default; checked to name a file. A link stands for the model that it leads to, whose
  /// state and earlier models are beside that.
  static func path(_ command: TrainCommand) throws -> String {
    let path =
      try command.model
      ?? defaultPath(corpora: command.corpora, ending: command.teacher.isEmpty ? "" : ".distilled")
    guard !path.isEmpty, !path.hasSuffix("/"), !Files.isFolder(path) else {
      throw CommandFailure.usage(
        "--model \(path): is a folder", next: "name a file in it, such as \(Files.join(path, "model.safetensors"))")
    }
    return leadingTo(path)
  }

  private static func leadingTo(_ path: String) -> String {
    let target = Files.resolved(path)
    return target.hasSuffix(".safetensors") ? target : path
  }

  /// The model whose run is to be resumed: the one that was named, that of the corpus, or the newest.
  static func resumed(_ command: TrainCommand) throws -> String {
    if let path = command.model { return leadingTo(path) }
    if !command.corpora.isEmpty { return try leadingTo(defaultPath(corpora: command.corpora)) }
    guard let state = try? ModelLookup.newest(kind: nil, suffix: ".state") else {
      throw CommandFailure(
        "there is no run to resume in the folder '\(ModelLookup.folder)'",
        next: "name its model with --model, or train without --resume")
    }
    return state.dropLast(".state".count) + ".safetensors"
  }

  /// `models/STEM.safetensors`, STEM being the first corpus's name without its extension.
  /// - Parameter ending: what follows the stem.
  private static func defaultPath(corpora: [String], ending: String = "") throws -> String {
    let first = corpora[0]
    // A pattern has the name of the folder that it is in.
    var parts = first.split(separator: "/")
    while !Files.exists(first), let last = parts.last, last.contains(where: { "*?[".contains($0) }) {
      parts.removeLast()
    }
    var name = Files.withoutExtension(String(parts.last ?? ""))
    if Compression.extensions.contains(where: first.hasSuffix) { name = Files.withoutExtension(name) }
    if Files.isPattern(first), !Files.exists(first), Files.paths(fitting: first).isEmpty {
      throw CommandFailure(.noMatches(pattern: first))
    }
    let stem = first == "-" ? "stdin" : name
    guard !stem.isEmpty, stem != ".", stem != ".." else {
      throw CommandFailure.usage("no name for the model follows from \(first)", next: "name the model with --model")
    }
    return Files.join(ModelLookup.folder, stem + ending + ".safetensors")
  }
}
