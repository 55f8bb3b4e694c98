@testable import CharLMFiles

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// The folder of this process's files.
enum Scratch {
  /// The folder. Names in it are used again and again; only the first use of one costs a file.
  static let folder: String = {
    let path = Files.join(Files.temporaryFolder, "charlm-fuzz-\(getpid())")
    do { try Files.ensureWritableFolder(path) } catch { fatalError("\(error)") }
    return path
  }()

  /// What the seeds of models and states were trained on.
  static let corpus: String = {
    let lines = (0..<60).map { "hello \($0 % 7), the sea is \($0 % 5) deep\n" }
    do { return try file("corpus.txt", Array(lines.joined().utf8)) } catch { fatalError("\(error)") }
  }()

  /// The same of those that are transducers.
  static let pairs: String = {
    let lines = ["ab\tba\n", "hello\tohlol\n", "no\ton\n"] + (1...25).map { "ab\($0)\tba\($0)\n" }
    do { return try file("pairs.tsv", Array(lines.joined().utf8)) } catch { fatalError("\(error)") }
  }()

  /// Makes a file of an input and gives its path.
  static func file(_ name: String, _ bytes: [UInt8]) throws(FileError) -> String {
    let path = Files.join(folder, name)
    let file = try Descriptor(path, O_WRONLY | O_CREAT | O_TRUNC, reading: false)
    try Files.write(bytes, to: file.number, path: path)
    return path
  }
}
