import CharLMFiles

/// The file that was probably meant by a path at which nothing is.
enum NearbyFile {
  /// What to do where nothing is at a path.
  static func nextStep(missing path: String) -> String {
    if path.unicodeScalars.contains("\u{FFFD}") {
      return "a name that is not UTF-8 cannot be given: rename the file, or read it with '-' and '< FILE'"
    }
    return suggestion(for: path).map { "did you mean '\($0)'?" } ?? "check the path"
  }

  /// A file in the same folder whose name is like it.
  static func suggestion(for path: String) -> String? {
    let folder = Files.folder(of: path)
    let name = path.split(separator: "/").last.map(String.init) ?? path
    let names = (try? Files.names(in: folder)) ?? []
    // The extension says little about which file is meant.
    let best = Likeness.best(for: Files.withoutExtension(name), in: names, key: Files.withoutExtension)
    return best.map { folder == "." && !path.hasPrefix("./") ? $0 : Files.join(folder, $0) }
  }
}
