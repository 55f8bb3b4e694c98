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
    let best = Likeness.best(for: stem(name), in: names, key: stem)
    return best.map { folder == "." && !path.hasPrefix("./") ? $0 : Files.join(folder, $0) }
  }

  /// A name without its extension, which says little about which file is meant.
  private static func stem(_ name: String) -> String {
    guard let dot = name.lastIndex(of: "."), dot > name.startIndex else { return name }
    return String(name[..<dot])
  }
}
