import ArgumentParser
import CharLMFiles

/// A page that a command writes.
enum PageFile {
  /// Checks what `--html` names: a file, not standard output.
  static func check(_ path: String?) throws {
    guard let path else { return }
    try Limit.notEmpty(a: "file").check(path, of: "--html")
    if path == "-" { throw ValidationError("--html -: the page goes to a file; name one") }
  }

  /// Writes the page wholly or not at all; its folder is made where it is missing.
  static func write(_ html: String, to path: String) throws {
    try Files.ensureWritableFolder(Files.folder(of: path))
    try Files.writeAtomically(path) { (file: inout FileWriter) throws(FileError) in try file.write(html) }
  }
}
