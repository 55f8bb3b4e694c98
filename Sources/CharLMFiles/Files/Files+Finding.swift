#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

extension Files {
  /// The paths of the regular files in `folder` and in the folders below it, by the order of their bytes.
  ///
  /// Left out: files and folders whose names begin with a dot or are not UTF-8. A link to a file counts as the file; a
  /// link to a folder is not followed, so that there are no cycles.
  package static func regularFiles(below folder: String) throws(FileError) -> [String] {
    var paths: [String] = []
    try gather(below: folder, into: &paths)
    return paths.sorted(by: precedes)
  }

  private static func gather(below folder: String, into paths: inout [String]) throws(FileError) {
    for name in try entries(of: folder) {
      let path = join(folder, name)
      let status = SystemCall.status(path).1
      if status.isRegularFile {
        paths.append(path)
      } else if status.isFolder, !SystemCall.status(path, followingLinks: false).1.isLink {
        try gather(below: path, into: &paths)
      }
    }
  }

  /// What a pattern with `*`, `?` or `[…]` fits, by the order of the paths' bytes; nothing where it fits nothing.
  package static func paths(fitting pattern: String) -> [String] {
    var found = unsafe glob_t()
    // Safe: the structure and the pattern's terminated copy live through the calls; the strings, which are terminated,
    // are copied before they are freed.
    defer { unsafe globfree(&found) }
    guard unsafe glob(pattern, GLOB_NOSORT, nil, &found) == 0, let list = unsafe found.gl_pathv else { return [] }
    let paths = unsafe (0..<Int(found.gl_pathc)).compactMap { index in
      unsafe list[index].flatMap { unsafe String(validatingCString: $0) }
    }
    return paths.sorted(by: precedes)
  }

  /// Whether `path` has characters that make it a pattern.
  package static func isPattern(_ path: String) -> Bool { path.utf8.contains { "*?[".utf8.contains($0) } }

  private static func precedes(_ a: String, _ b: String) -> Bool { a.utf8.lexicographicallyPrecedes(b.utf8) }
}
