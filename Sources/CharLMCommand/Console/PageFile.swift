import CharLMFiles

/// A page that a command writes.
enum PageFile {
  /// Writes the page wholly or not at all; its folder is made where it is missing.
  static func write(_ html: String, to path: String) throws {
    try Files.ensureWritableFolder(Files.folder(of: path))
    try Files.writeAtomically(path) { (file: inout FileWriter) throws(FileError) in try file.write(html) }
  }
}
