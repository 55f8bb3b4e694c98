import CharLMFiles

/// The path of a model's file, `NAME.safetensors`, after which the files beside it are named: state, lock, log, plots.
package enum ModelPath {
  static let suffix = ".safetensors"

  /// A model's path without the ending of its file.
  package static func stem(of path: String) -> String {
    path.hasSuffix(suffix) ? String(path.dropLast(suffix.count)) : path
  }

  /// The file that locks a model while it is written: `NAME.lock` beside `NAME.safetensors`, also for the models that a
  /// run keeps. Where the model's file is a link, the lock is beside what it leads to.
  package static func lock(of path: String) -> String {
    let target = Files.resolved(path)
    return stem(of: KeptModels.origin(of: target)?.modelPath ?? target) + ".lock"
  }
}
