extension Files {
  /// `path` without the ending of its last part: `runs/a` for `runs/a.txt`, `.bashrc` as it is.
  package static func withoutExtension(_ path: String) -> String {
    let name = path.split(separator: "/", omittingEmptySubsequences: false).last ?? ""
    guard let dot = name.lastIndex(of: "."), dot > name.startIndex else { return path }
    return String(path[..<dot])
  }

  /// `path` with a number before its ending: `run.1.jsonl` for `run.jsonl`.
  package static func numbered(_ path: String, _ number: Int) -> String {
    let stem = withoutExtension(path)
    return "\(stem).\(number)\(path.dropFirst(stem.count))"
  }

  /// The name of `path` with the lowest number that nothing has.
  package static func freeNumbered(_ path: String) -> String {
    var number = 1
    while isTaken(numbered(path, number)) { number += 1 }
    return numbered(path, number)
  }

  /// Whether anything has the name `path`, a link that leads nowhere included.
  package static func isTaken(_ path: String) -> Bool { SystemCall.status(path, followingLinks: false).code == 0 }

  /// Gives the file at `path` the lowest free number, so that a new one can be written in its place.
  /// - Returns: its new path; nil where no file with anything in it is there. Pipes and devices stay where they are.
  package static func moveAside(_ path: String) throws(FileError) -> String? {
    let (code, status) = SystemCall.status(path)
    guard code == 0, status.isRegularFile, status.byteCount > 0 else { return nil }
    let target = resolved(path)
    let kept = freeNumbered(target)
    try move(target, to: kept)
    return kept
  }

  /// Gives a file another name on the same file system, in place of what had it.
  package static func move(_ old: String, to new: String) throws(FileError) {
    let result = SystemCall.rename(old, new)
    guard result == 0 else { throw FileError(code: Int32(-result), .rename, path: old) }
  }
}
