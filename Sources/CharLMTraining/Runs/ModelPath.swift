/// The path of a model's file, `NAME.safetensors`, after which the files beside it are named: state, log, plots, reports.
package enum ModelPath {
  static let suffix = ".safetensors"

  /// A model's path without the ending of its file.
  package static func stem(of path: String) -> String {
    path.hasSuffix(suffix) ? String(path.dropLast(suffix.count)) : path
  }
}
