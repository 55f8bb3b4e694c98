/// What can be wrong with a text, or with a vocabulary from a file.
public enum TextError: Error, Equatable, Sendable {
  /// `source` has bytes that are invalid in its encoding. `offset` counts bytes from the start of the source, a
  /// byte-order mark included; `line` and `column` start at 1, columns count scalars; `bytes` is the run, at most four
  /// of UTF-8.
  case invalidBytes(source: String, encoding: String, offset: Int, line: Int, column: Int, bytes: [UInt8])
  /// No encoding has this name; `near` are names that look like it.
  case unknownEncoding(name: String, near: [String])
  /// The encoding of `source` is not given, and no guess is certain enough.
  case uncertainEncoding(source: String, guesses: [EncodingGuess])
  /// `source` has, from byte `offset` of its text on, `byteCount` bytes that are one character by Unicode's rules, or one
  /// word.
  case unbrokenText(source: String, offset: Int, byteCount: Int)
  /// `source` has no text at all.
  case emptyText(source: String)
  /// `source` has `count` tokens that the vocabulary lacks; `first` holds the first five different ones.
  case unknownToken(source: String, first: [UnknownToken], count: Int)
  /// A minimum count or a size limit leaves no token of the text.
  case noTokensLeft(minimumCount: Int, vocabularySize: Int?)
  /// A size limit of `given` rows leaves no room for the bytes by which tokens are to be spelled, and special tokens.
  case tooFewRows(needed: Int, given: Int)
  /// A pattern does not describe a set of characters.
  case invalidSet(pattern: String)
  /// A pattern is not a regular expression; `offset` counts UTF-16 units from its start.
  case invalidExpression(pattern: String, offset: Int?, reason: String)
  /// A list of tokens is not a vocabulary.
  case invalidVocabulary(VocabularyProblem)
}

extension TextError: CustomStringConvertible {
  /// One line: what is wrong, where, and what helps where that does not depend on the command.
  public var description: String {
    switch self {
    case .invalidBytes(let source, let encoding, let offset, let line, let column, let bytes):
      let found = bytes.map { "0x" + hexadecimal($0) }.joined(separator: " ")
      return "\(source): not \(encoding.uppercased()) at byte \(offset) (line \(line), column \(column)): \(found)"
        + (utf16Hint(offset: offset, bytes: bytes) ?? "")
    case .unknownEncoding(let name, let near):
      return "unknown encoding '\(name)'" + (near.isEmpty ? "" : "; similar: \(near.joined(separator: ", "))")
    case .uncertainEncoding(let source, let guesses):
      let listed = guesses.map(\.description).joined(separator: ", ")
      return "\(source): its encoding is uncertain"
        + (guesses.isEmpty
          ? "" : ": perhaps \(listed), but none is likely enough")
    case .unbrokenText(let source, let offset, let byteCount):
      return "\(source): \(byteCount) bytes from byte \(offset) of its text on have no place where they can be split"
    case .emptyText(let source):
      return "\(source): it has no text"
    case .unknownToken(let source, let first, let count):
      let listed = first.map(\.description).joined(separator: "; ")
      return count == 1
        ? "\(source): not in the vocabulary: \(listed)"
        : "\(source): \(count) tokens are not in the vocabulary, the first: \(listed)"
    case .noTokensLeft(let minimumCount, let vocabularySize):
      let limit = vocabularySize.map { " and a vocabulary of at most \($0)" } ?? ""
      return "no tokens of the text remain with a minimum count of \(minimumCount)\(limit)"
    case .tooFewRows(let needed, let given):
      return "a vocabulary of at most \(given) rows is too small to spell tokens by bytes, which needs \(needed)"
    case .invalidSet(let pattern):
      return "'\(pattern)' is not a set of characters, such as [a-z] or [\\p{L}\\p{P} ]"
    case .invalidExpression(let pattern, let offset, let reason):
      let place = offset.map { " at character \($0 + 1)" } ?? ""
      return "'\(pattern)' is not a regular expression: \(reason)\(place)"
    case .invalidVocabulary(let problem):
      return "the vocabulary cannot be used: \(problem)"
    }
  }

  private func utf16Hint(offset: Int, bytes: [UInt8]) -> String? {
    guard offset == 0, bytes.starts(with: [0xFF, 0xFE]) || bytes.starts(with: [0xFE, 0xFF]) else { return nil }
    return ", as UTF-16 begins"
  }
}
