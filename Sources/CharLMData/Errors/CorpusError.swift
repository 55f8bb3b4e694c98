import CharLMFiles
import CharLMText

/// Why a corpus cannot be trained on or evaluated.
public enum CorpusError: Error, Equatable, Sendable {
  /// A file cannot be read.
  case file(FileError)
  /// A text cannot be decoded or encoded.
  case text(TextError)
  /// Tokens cannot be read again.
  case tokens(TokenFileError)
  /// A compressed file cannot be read.
  case compression(CompressionError)
  /// A file is not plain text.
  case notText(path: String, FileKind)
  /// A folder has no file with text; `skipped` says what it has instead.
  case noFiles(path: String, skipped: [FileKind: Int] = [:])
  /// A pattern matches no file.
  case noMatches(pattern: String)
  /// A file was written to while it was read.
  case changedWhileRead(path: String)
  /// The files of a run are not as many as they were.
  case fileCount(expected: Int, found: Int)
  /// All tokens of the text are the same: there is nothing to learn.
  case oneToken(source: String, token: [UInt8])
  /// The text has fewer tokens than training or evaluation needs.
  case tooShort(source: String, tokenCount: Int, needed: Int)
  /// A file is not the one that a model was trained on.
  case changed(path: String, expectedSHA256: String, foundSHA256: String)
  /// A file is not the one that a model was trained on, as its size in bytes shows.
  case otherSize(path: String, expected: Int, found: Int)
  /// A line of a file of pairs is not a pair; lines count from 1.
  case malformedPair(source: String, line: Int, problem: PairProblem)
  /// A file of pairs has none.
  case noPairs(source: String)
}

/// Why a line is not a pair.
public enum PairProblem: Hashable, Sendable {
  /// It does not have exactly one tab.
  case tabCount(Int)
  /// A side is empty.
  case emptySide
  /// The sides have different numbers of tokens.
  case lengths(input: Int, output: Int)
}

extension CorpusError: CustomStringConvertible {
  /// One line: what is wrong, where, and what helps.
  public var description: String {
    switch self {
    case .file(let error): error.description
    case .text(let error): error.description
    case .tokens(let error): error.description
    case .compression(let error): error.description
    case .notText(let path, let kind): "\(path): is \(kind), not plain text"
    case .noFiles(let path, let skipped):
      skipped.isEmpty
        ? "\(path): there are no files with text here (hidden files are skipped)"
        : "\(path): no file here is plain text, but \(SkippedFiles.text(skipped))"
    case .noMatches(let pattern): "\(pattern): no file matches this pattern"
    case .changedWhileRead(let path): "\(path): was changed while it was being read"
    case .fileCount(let expected, let found): "the run was trained on \(expected) files, not \(found)"
    case .oneToken(let source, let token):
      "\(source): every token of the text is \(Token.text(token)): there is nothing to learn"
    case .tooShort(let source, let tokenCount, let needed):
      "\(source): \(tokenCount == 1 ? "1 token is" : "\(tokenCount) tokens are") too few, at least \(needed) are needed"
    case .changed("-", let expected, let found):
      "standard input: is not the text that the model was trained on "
        + "(SHA-256 \(found.prefix(16))…, not \(expected.prefix(16))…)"
    case .changed(let path, let expected, let found):
      "\(path): is not the file that the model was trained on (SHA-256 \(found.prefix(16))…, not \(expected.prefix(16))…)"
    case .otherSize(let path, let expected, let found):
      "\(path): is not the file that the model was trained on (\(found) bytes, not \(expected))"
    case .malformedPair(let source, let line, let problem): "\(source): line \(line): \(problem.text)"
    case .noPairs(let source): "\(source): it has no pairs; a pair is a line 'input<TAB>output'"
    }
  }
}

extension PairProblem {
  fileprivate var text: String {
    switch self {
    case .tabCount(let count): "\(count) tabs; a pair is 'input<TAB>output', with one tab"
    case .emptySide: "a side of the pair is empty"
    case .lengths(let input, let output):
      "the input has \(input) tokens and the output \(output); aligned pairs have the same number on both sides"
    }
  }
}
