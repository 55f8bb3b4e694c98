import CharLMFiles
import CharLMTraining

/// The files of a command: what it reads is never written over, and no two outputs are one file, whichever way the paths
/// are written.
struct FileUses {
  private var read: [(path: String, what: String)] = []
  private var written: [(path: String, option: String, what: String)] = []
  /// An option that was given `-`, where only a file can be written.
  private var stream: (option: String, kind: String)?

  /// Notes a file that the command reads; `-` is standard input.
  /// - Parameter what: what the file is, such as "the corpus".
  mutating func reads(_ path: String?, as what: String) {
    if let path, path != "-" { read.append((path, what)) }
  }

  /// Notes a file that the command writes.
  /// - Parameters:
  ///   - option: what names it on the command line.
  ///   - what: what the file is, by default "the file of OPTION".
  ///   - kind: "file" or "folder".
  ///   - orStream: whether `-` stands for standard output; else it is refused.
  mutating func writes(
    _ path: String?, by option: String, as what: String? = nil, kind: String = "file", orStream: Bool = false
  ) {
    guard let path else { return }
    if path != "-" {
      written.append((path, option, what ?? "the file of \(option)"))
    } else if !orStream {
      stream = stream ?? (option, kind)
    }
  }

  /// Refuses standard output where a file is needed, and a file that would be read and written, or written twice. To be
  /// called before anything is written.
  func check() throws {
    if let (option, kind) = stream {
      throw CommandFailure.usage("\(option) -: is written to a \(kind)", next: "name one")
    }
    var places = Dictionary(read.map { (FilePlace($0.path), $0.what) }, uniquingKeysWith: { first, _ in first })
    for file in written {
      if let what = places.updateValue(file.what, forKey: FilePlace(file.path)) {
        throw CommandFailure.usage("\(file.option) \(file.path): is \(what)", next: "name another file")
      }
    }
  }

  /// Where a file that is about to be replaced is kept: under the lowest free number; nil where there is none.
  static func kept(_ path: String) -> String? {
    let target = Files.resolved(path)
    return Files.exists(target) ? Files.freeNumbered(target) : nil
  }

  /// Refuses what cannot be written: a device or a pipe, a folder, a link that leads nowhere, a file in a folder that is not
  /// writable. To be called before long work.
  static func checkWritable(_ path: String) throws {
    let folder = Files.folder(of: path)
    // A folder that is not there yet is made later, when nothing else can be wrong.
    guard Files.exists(folder) else { return }
    try Files.ensureWritableFolder(folder)
    try Files.checkReplaceable(path)
  }
}

/// A command that writes files whose paths are on its command line.
protocol FileWriting {
  /// What it reads and writes; checked as soon as the command line is read.
  var fileUses: FileUses { get }
}
