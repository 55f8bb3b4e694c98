import CharLMFiles

/// The files of a folder that are not plain text.
public struct SkippedFiles: Hashable, Sendable {
  /// The folder, as it was given.
  public let folder: String
  /// The paths of the files, with what they are.
  public let files: [File]

  /// A file that was skipped.
  public struct File: Hashable, Sendable {
    /// Its path.
    public let path: String
    /// What it is.
    public let kind: FileKind
  }

  /// How many there are of each kind.
  var counts: [FileKind: Int] { Dictionary(files.map { ($0.kind, 1) }, uniquingKeysWith: +) }

  /// "2 × a PDF document, a picture", the most frequent first.
  static func text(_ counts: [FileKind: Int]) -> String {
    let sorted = counts.map { (text: $0.key.description, count: $0.value) }
      .sorted { ($1.count, $0.text) < ($0.count, $1.text) }
    return sorted.map { $0.count == 1 ? $0.text : "\($0.count) × \($0.text)" }.joined(separator: ", ")
  }
}

extension SkippedFiles: CustomStringConvertible {
  /// "skipped 3 files in texts: 2 × a PDF document (a.pdf, b.pdf), a picture (c.png)"; at most three names of a kind.
  public var description: String {
    let kinds = Dictionary(grouping: files, by: \.kind).map { kind, files in
      let names = files.prefix(3).map { $0.path.split(separator: "/").last.map(String.init) ?? $0.path }
      let listed = names.joined(separator: ", ") + (files.count > 3 ? ", …" : "")
      return (count: files.count, text: SkippedFiles.text([kind: files.count]) + " (\(listed))")
    }
    let sorted = kinds.sorted { ($1.count, $0.text) < ($0.count, $1.text) }
    return "skipped \(files.count) \(files.count == 1 ? "file" : "files") in \(folder): "
      + sorted.map(\.text).joined(separator: ", ")
  }
}
