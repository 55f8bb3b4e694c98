import CharLMFiles

/// Why tokens cannot be read from, or written to, a token file.
public enum TokenFileError: Error, Equatable, Sendable {
  /// The system refuses.
  case file(FileError)
  /// The file is not what it should be.
  case invalid(path: String, TokenFileFlaw)
}

/// What is wrong with a token file.
public enum TokenFileFlaw: Hashable, Sendable {
  /// It is too short, or does not begin or end as a token file does.
  case notTokens
  /// It is of another version of the format.
  case version(found: Int)
  /// Its description cannot be read.
  case description(String)
  /// Its content is not what was written.
  case checksum
  /// It became shorter while it was read.
  case shrunk(position: Int)
  /// It has a token that its vocabulary lacks.
  case unknownToken(position: Int)
}

extension TokenFileError: CustomStringConvertible {
  /// One line: which file, what is wrong, and what helps.
  public var description: String {
    switch self {
    case .file(let error): error.description
    case .invalid(let path, let flaw): "\(path): \(flaw.text); delete it and it will be recreated"
    }
  }
}

extension TokenFileFlaw {
  fileprivate var text: String {
    switch self {
    case .notTokens: "is not a token file, or is truncated"
    case .version(let found): "is a token file of version \(found), not \(TokenFile.version)"
    case .description(let reason): "its description cannot be read (\(reason))"
    case .checksum: "its content is damaged (the checksum does not match)"
    case .shrunk(let position): "ends before token \(position): it was truncated while it was being read"
    case .unknownToken(let position):
      "token \(position) is not in the vocabulary: the file was changed while it was being read"
    }
  }
}
