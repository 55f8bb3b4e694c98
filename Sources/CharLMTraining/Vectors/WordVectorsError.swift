import CharLMFiles

/// Why a file of vectors was not read.
public enum WordVectorsError: Error, Equatable, Sendable {
  /// The file cannot be read.
  case file(FileError)
  /// A line is not a token and its numbers; lines count from 1.
  case line(source: String, number: Int, WordVectorsFlaw)
  /// A first line `count size` states another count than there are vectors.
  case headerCount(source: String, stated: Int, found: Int)
  /// There is no vector.
  case empty(source: String)
}

/// What is wrong with a line of a file of vectors.
public enum WordVectorsFlaw: Error, Equatable, Sendable {
  /// It has more or fewer numbers than the first line, or than the header says.
  case valueCount(expected: Int, found: Int)
  /// A value is not a finite number; its first 24 bytes.
  case notNumber(String)
  /// The token is not UTF-8.
  case invalidUTF8
}

extension WordVectorsError: CustomStringConvertible {
  /// One line: which file and line, and what is wrong.
  public var description: String {
    switch self {
    case .file(let error): error.description
    case .line(let source, let number, let flaw): "\(source): line \(number): \(flaw)"
    case .headerCount(let source, let stated, let found):
      "\(source): the first line says \(stated) vectors, the file has \(found)"
    case .empty(let source): "\(source): there is no vector in it"
    }
  }
}

extension WordVectorsFlaw: CustomStringConvertible {
  /// What is wrong, without the place.
  public var description: String {
    switch self {
    case .valueCount(let expected, let found): "\(found) numbers after the token, not \(expected)"
    case .notNumber(let text): "'\(text)' is not a finite number"
    case .invalidUTF8: "the token is not UTF-8"
    }
  }
}
