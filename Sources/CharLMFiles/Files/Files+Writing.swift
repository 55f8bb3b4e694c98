#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

extension Files {
  /// Replaces the file at `path` by what `body` writes, wholly or not at all.
  ///
  /// The content goes to a temporary file in the same folder, which is synced and then renamed; on any error it is
  /// removed and the old file is as it was. (Only when syncing the folder, the last step, fails is the new file already
  /// in place.) The old file's permissions are kept; its own write permission is not asked for, the folder's is.
  /// A link is followed: what it points to is replaced. The folder must exist.
  ///
  /// - Parameters:
  ///   - previous: where an existing file is kept (replacing what is there). Before, during and after the change at
  ///     least one of the two names is a whole file. Must be on the same file system.
  ///   - body: writes the content; an error that it throws is passed on.
  /// - Throws: `.isFolder`, `.notRegularFile` and `.linkToNothing` where `path` is such; of a missing or unwritable folder, its path.
  package static func writeAtomically(
    _ path: String, keepingPreviousAs previous: String? = nil,
    _ body: (inout FileWriter) throws(FileError) -> Void
  ) throws(FileError) {
    try writeAtomically(path, keepingPreviousAs: previous, fault: { _ in nil }, body)
  }

  /// The same with `fault` asked before each step, for tests.
  static func writeAtomically(
    _ path: String, keepingPreviousAs previous: String? = nil, fault: @escaping FaultSource,
    _ body: (inout FileWriter) throws(FileError) -> Void
  ) throws(FileError) {
    let (target, permissions) = try replaceable(path)
    let folder = folder(of: target)
    var writer = try FileWriter(in: folder, for: path, fault: fault)
    let temporary = writer.temporaryPath
    do throws(FileError) {
      if let permissions { writer.setPermissions(permissions) }
      try body(&writer)
      try writer.finish()
      let kept = permissions == nil ? nil : previous
      let moved = if let kept { try keep(target, as: kept, fault: fault) } else { false }
      do throws(FileError) {
        try rename(temporary, to: target, reportedAs: path, fault: fault)
      } catch {
        if moved, let kept { try? rename(kept, to: target, reportedAs: path, fault: { _ in nil }) }
        throw error
      }
    } catch {
      remove(temporary)
      throw error
    }
    try syncFolder(folder)
  }

  /// Makes the folder at `path`, with the folders around it, where missing, and proves by a file that is written and
  /// removed again that it can be written.
  package static func ensureWritableFolder(_ path: String) throws(FileError) {
    try makeFolder(path)
    var probe = try FileWriter(in: path, for: path)
    let temporary = probe.temporaryPath
    defer { remove(temporary) }
    try probe.write([0])
  }

  /// Removes the file at `path`.
  package static func delete(_ path: String) throws(FileError) {
    // Safe: the string's terminated copy lives through the call.
    let result = SystemCall.onPath(path) { unsafe unlink(path) }
    if result != 0 { throw FileError(code: Int32(-result), .remove, path: path) }
  }

  /// Removes the file at `path` if it can be removed, such as a temporary file after an error.
  package static func remove(_ path: String) {
    // Safe: the string's terminated copy lives through the call.
    _ = SystemCall.onPath(path) { unsafe unlink(path) }
  }

  private static func makeFolder(_ path: String) throws(FileError) {
    if isFolder(path) { return }
    // Safe (here and below): the string's terminated copy lives through the call.
    var result = SystemCall.onPath(path) { unsafe mkdir(path, 0o777) }
    if result == -Int(ENOENT), folder(of: path) != path, !path.isEmpty {
      try makeFolder(folder(of: path))
      result = SystemCall.onPath(path) { unsafe mkdir(path, 0o777) }
    }
    // Another process may have made it meanwhile.
    if result == 0 || isFolder(path) { return }
    if result == -Int(EEXIST) { throw .notFolder(path: path) }
    throw FileError(code: Int32(-result), .makeFolder, path: path)
  }

  /// Checks that a file can be written at `path` before anything is: nothing is there, or a file, or a link to one.
  /// - Throws: what `writeAtomically` would throw.
  package static func checkReplaceable(_ path: String) throws(FileError) { _ = try replaceable(path) }

  /// `path`, or the file that it leads to where it is a link.
  package static func resolved(_ path: String) -> String {
    guard isLink(path) else { return path }
    // Safe: realpath gives a terminated string of its own or nil; it is copied and freed here.
    guard let resolved = unsafe realpath(path, nil) else { return path }
    defer { unsafe free(resolved) }
    return unsafe String(cString: resolved)
  }

  /// The file to replace when `path` is written, its links resolved, and its permissions; nil where there is none yet.
  private static func replaceable(_ path: String) throws(FileError) -> (target: String, permissions: mode_t?) {
    let (code, status) = SystemCall.status(path)
    if code == -Int(ENOENT) {
      // Replacing the link would lose it; what it names may be on a disk that is not there now.
      guard !isLink(path) else { throw .linkToNothing(path: path) }
      return (path, nil)
    }
    guard code == 0 else { throw FileError(code: Int32(-code), .open, path: path) }
    guard !status.isFolder else { throw .isFolder(path: path) }
    guard status.isRegularFile else { throw .notRegularFile(path: path) }
    return (resolved(path), status.permissions)
  }

  /// Gives the file at `target` the second name `previous`, in place of whatever had it; whether it lost the first.
  ///
  /// A new link is made under a name of its own and renamed, so that `previous` always names a whole file. Without
  /// hard links (FAT, some network file systems) `target` itself is renamed: for a moment only `previous` is there.
  private static func keep(_ target: String, as previous: String, fault: FaultSource) throws(FileError) -> Bool {
    let folder = folder(of: previous)
    let second = join(folder, FileWriter.uniqueName())
    // Renaming one link of a file onto another leaves both: hence removed in any case.
    defer { remove(second) }
    var linked = false
    if fault(.link) == nil {
      // Safe: the strings' terminated copies live through the call.
      linked = SystemCall.onPath(second) { unsafe link(target, second) } == 0
    }
    try rename(linked ? second : target, to: previous, reportedAs: previous, fault: fault)
    if folder != Self.folder(of: target) { try syncFolder(folder) }
    return !linked
  }

  private static func rename(
    _ old: String, to new: String, reportedAs path: String, fault: FaultSource
  ) throws(FileError) {
    if case .failure(let code) = fault(.rename) { throw FileError(code: code, .rename, path: path) }
    let result = SystemCall.rename(old, new)
    guard result == 0 else { throw FileError(code: Int32(-result), .rename, path: path) }
  }

  /// Brings the folder's names to the disk, where the system can and lets this user.
  static func syncFolder(_ path: String) throws(FileError) {
    let result = SystemCall.open(path, O_RDONLY | O_DIRECTORY)
    guard result >= 0 else { return }
    let folder = Descriptor(owning: Int32(result))
    let synced = SystemCall.sync(folder.number)
    // Some file systems sync no folders; only a failing disk is worth an error here.
    if synced == -Int(EIO) { throw FileError(code: EIO, .sync, path: path) }
  }
}
