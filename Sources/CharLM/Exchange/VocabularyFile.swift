import CharLMFiles
import CharLMText

/// A vocabulary as a JSON file: an array in the order of the tokens' numbers, such as `["\n", " ", "a", "b"]`.
///
/// An entry is a string; `{"bytes": "e4"}` for what is no UTF-8; `{"special": "unknown"}` or `{"special": "document"}`.
/// In Python: `json.dump(sorted(set(text)), file)`.
public enum VocabularyFile {
  /// Reads a vocabulary.
  public static func read(path: String) throws(VocabularyFileError) -> Vocabulary {
    do {
      return try SnakeCaseJSON.value(Vocabulary.self, from: Files.read(path))
    } catch let error as FileError {
      throw .file(error)
    } catch let error as TextError {
      throw .text(path: path, error)
    } catch {
      throw .notArray(path: path)
    }
  }

  /// Writes a vocabulary, wholly or not at all.
  public static func write(_ vocabulary: Vocabulary, to path: String) throws(FileError) {
    let text = SnakeCaseJSON.text(vocabulary) + "\n"
    try Files.writeAtomically(path) { (writer: inout FileWriter) throws(FileError) in try writer.write(text) }
  }
}

/// Why a file is no vocabulary.
public enum VocabularyFileError: Error, Equatable, Sendable, CustomStringConvertible {
  /// It cannot be read.
  case file(FileError)
  /// It is no JSON array.
  case notArray(path: String)
  /// The tokens are no vocabulary.
  case text(path: String, TextError)

  /// One line: which file, and what is wrong with it.
  public var description: String {
    switch self {
    case .file(let error): error.description
    case .notArray(let path): "\(path): is not a JSON array of tokens, such as [\"\\n\", \" \", \"a\", \"b\"]"
    case .text(let path, let error): "\(path): \(error)"
    }
  }
}
