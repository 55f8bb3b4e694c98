import CharLM
import CharLMFiles

/// The models of earlier runs at a run's path, which are kept under numbers: `NAME.1.safetensors`, `NAME.2.safetensors`, …
/// beside `NAME.safetensors`, each with its state and with the models that `KeptModels` names after it.
///
/// What a run finds in the place of its own files gets the lowest free number, or the number that other files of the same
/// earlier run have already. Models that were never trained are not kept.
enum EarlierModels {
  /// Where the state of another run is kept when this one writes its own; nil where there is none worth keeping.
  static func keptState(forModel path: String) -> String? {
    kept(TrainingRun.statePath(forModel: path), of: path) { TrainingRun.statePath(forModel: $0) }
  }

  /// The same for the model. Where its file is a link, it is kept beside what that leads to.
  static func keptModel(forModel path: String) -> String? {
    let target = Files.resolved(path)
    return kept(target, of: target) { $0 }
  }

  /// Gives the models that other runs kept names that belong to a number.
  static func moveKeptModels(forModel path: String, except created: String) throws(FileError) {
    for file in KeptModels.files(forModel: path) {
      let other = Checkpoint.summary(path: file.path)?.created
      guard other != created else { continue }
      let name = { (numbered: String) in KeptModels.path(forModel: numbered, step: file.step) }
      try Files.move(file.path, to: name(numbered(path, created: other, name)))
    }
  }

  /// Whether a file is a model, or a run's state, of no step.
  static func isUntrained(_ path: String) -> Bool {
    (try? CheckpointFile(path: path))?.metadata.training.steps == 0
  }

  private static func kept(_ file: String, of path: String, _ name: (_ model: String) -> String) -> String? {
    guard Files.exists(file), !isUntrained(file) else { return nil }
    return name(numbered(path, created: Checkpoint.summary(path: file)?.created, name))
  }

  /// The path of the model with the number that a file of the run begun at `created` gets.
  private static func numbered(_ path: String, created: String?, _ name: (_ model: String) -> String) -> String {
    let taken = numbers(forModel: path)
    let own = taken.sorted().first { number in
      let model = self.path(forModel: path, number: number)
      return created != nil && !Files.isTaken(name(model)) && self.created(ofModel: model) == created
    }
    var number = own ?? 1
    while own == nil, taken.contains(number) { number += 1 }
    return self.path(forModel: path, number: number)
  }

  /// The path of an earlier model.
  static func path(forModel path: String, number: Int) -> String {
    "\(ModelPath.stem(of: path)).\(number)" + (path.hasSuffix(ModelPath.suffix) ? ModelPath.suffix : "")
  }

  /// When the run of an earlier model was begun, from whichever of its files there is.
  private static func created(ofModel path: String) -> String? {
    let files = [path, TrainingRun.statePath(forModel: path)] + KeptModels.files(forModel: path).map(\.path)
    return files.lazy.compactMap { Checkpoint.summary(path: $0)?.created }.first
  }

  /// The numbers that any file beside the model has, that of a run in progress included.
  private static func numbers(forModel path: String) -> Set<Int> {
    let start = (ModelPath.stem(of: path).split(separator: "/").last ?? "") + "."
    let names = (try? Files.entries(of: Files.folder(of: path), withHidden: true)) ?? []
    return Set(
      names.filter { $0.hasPrefix(start) }.compactMap { name in
        name.dropFirst(start.count).split(separator: ".", omittingEmptySubsequences: false).first.flatMap { Int($0) }
      })
  }
}
