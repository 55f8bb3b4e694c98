import CharLMFiles

/// A file of options, of `--config`: TOML of one level, a line `option = value` for each.
///
///     # What book.safetensors was trained with.
///     corpus = ["book.txt"]
///     hidden = 256
///     budget = "10m"
///     tied = true
///
/// A key is an option's long name without its hyphens. Tables, dates and strings of several lines have no meaning for
/// options and are refused, so that there is no depth, and every value stands in a known line.
struct ConfigurationFile: Equatable {
  /// The file, as messages name it.
  let path: String
  /// The options, in the order of the file; no name twice.
  let entries: [Entry]

  /// An option that the file gives.
  struct Entry: Equatable {
    /// Its name, without hyphens.
    let name: String
    let value: Value
    /// The line of the name, from 1 on.
    let line: Int
  }

  /// A value of TOML.
  enum Value: Equatable {
    case boolean(Bool)
    /// A number, as a command line has it.
    case number(String)
    case string(String)
    case list([Value])

    /// What it is called in messages.
    var noun: String {
      switch self {
      case .boolean(let value): "\(value)"
      case .number(let text): "the number \(text)"
      case .string: "a text"
      case .list: "a list"
      }
    }
  }

  /// No list of options is longer.
  static let byteLimit = 1 << 20

  /// Reads a file.
  /// - Throws: `FileError`; `CommandFailure`, which names file and line, where it is not of this form.
  init(path: String) throws {
    try self.init(utf8: try Files.read(path, limit: ConfigurationFile.byteLimit), path: path)
  }

  /// Reads what a file holds.
  init(utf8 bytes: [UInt8], path: String) throws {
    guard let text = String(validating: bytes, as: UTF8.self) else {
      throw CommandFailure.usage("\(path): it is not UTF-8", next: "give a file of lines 'option = value'")
    }
    self.path = path
    var reader = ConfigurationReader(text, path: path)
    entries = try reader.entries()
  }
}
