/// What can be wrong with text, or with a vocabulary that comes from a file.
public enum TextError: Error, Equatable, Sendable {
  /// `source` has bytes that mean nothing in its encoding. `offset` counts bytes from the start of the source, a
  /// byte-order mark included; `line` and `column` start at 1, columns count scalars; `bytes` is the run, at most four
  /// of UTF-8.
  case invalidBytes(source: String, encoding: String, offset: Int, line: Int, column: Int, bytes: [UInt8])
  /// No encoding has this name; `near` are names that look like it.
  case unknownEncoding(name: String, near: [String])
  /// The encoding of `source` is not given, and what it might be is not sure enough.
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
  /// A list of tokens is no vocabulary.
  case invalidVocabulary(VocabularyProblem)
}

/// A token of a text that the vocabulary lacks.
public struct UnknownToken: Hashable, Sendable {
  /// The token, in UTF-8.
  public let bytes: [UInt8]
  /// The Unicode names of its scalars, by ICU; empty where the bytes are not UTF-8 (a part of a scalar).
  public let scalarNames: [String]
  /// Where it first stands: bytes from the start of the text, after normalization.
  public package(set) var offset: Int
  /// The nearest token that the vocabulary has, in UTF-8, if one is near (see `Vocabulary.nearest(to:)`).
  public let nearest: [UInt8]?
}

/// Why a list of tokens is no vocabulary; `index` counts entries from 0.
public enum VocabularyProblem: Hashable, Sendable {
  /// There is no token of text.
  case noText
  /// A token is empty.
  case emptyToken(index: Int)
  /// A token is listed again.
  case duplicateToken(index: Int, bytes: [UInt8])
  /// A special token is listed again.
  case duplicateSpecial(index: Int, special: Token.Special)
  /// A special token stands after a token of text.
  case specialAfterText(index: Int, special: Token.Special)
  /// `{"special": name}` with a name that this version does not know.
  case unknownSpecial(index: Int, name: String)
  /// `{"bytes": text}` where the text is not pairs of hexadecimal digits.
  case invalidHexadecimal(index: Int, text: String)
  /// An entry that is neither a string, nor `{"bytes": …}`, nor `{"special": …}`.
  case unreadableEntry(index: Int)
}

extension TextError: CustomStringConvertible {
  /// One line: what is wrong, where, and the way out where it does not depend on the command.
  public var description: String {
    switch self {
    case .invalidBytes(let source, let encoding, let offset, let line, let column, let bytes):
      let found = bytes.map { "0x" + hexadecimal($0) }.joined(separator: " ")
      return "\(source): not \(encoding.uppercased()) at byte \(offset) (line \(line), column \(column)): \(found)"
        + (utf16Hint(offset: offset, bytes: bytes) ?? "")
    case .unknownEncoding(let name, let near):
      return "no encoding is called '\(name)'"
        + (near.isEmpty ? "" : ", but \(near.joined(separator: ", ")) \(near.count == 1 ? "is" : "are")")
    case .uncertainEncoding(let source, let guesses):
      let listed = guesses.map(\.description).joined(separator: ", ")
      return "\(source): its encoding is not sure"
        + (guesses.isEmpty
          ? "" : ": perhaps \(listed); less than \(EncodingDetection.neededConfidence) % is too little")
    case .unbrokenText(let source, let offset, let byteCount):
      return "\(source): from byte \(offset) of its text on, \(byteCount) bytes without a place to cut them"
    case .emptyText(let source):
      return "\(source): there is no text in it"
    case .unknownToken(let source, let first, let count):
      let listed = first.map(\.description).joined(separator: "; ")
      return count == 1
        ? "\(source): not in the vocabulary: \(listed)"
        : "\(source): \(count) tokens are not in the vocabulary, the first: \(listed)"
    case .noTokensLeft(let minimumCount, let vocabularySize):
      let limit = vocabularySize.map { " and a vocabulary of at most \($0)" } ?? ""
      return "no token of the text is left with a minimum count of \(minimumCount)\(limit)"
    case .tooFewRows(let needed, let given):
      return "a vocabulary of at most \(given) is too small to spell by bytes, which takes \(needed)"
    case .invalidVocabulary(let problem):
      return "the vocabulary cannot be used: \(problem.text)"
    }
  }

  private func utf16Hint(offset: Int, bytes: [UInt8]) -> String? {
    guard offset == 0, bytes.starts(with: [0xFF, 0xFE]) || bytes.starts(with: [0xFE, 0xFF]) else { return nil }
    return ", as UTF-16 begins"
  }
}

extension UnknownToken {
  /// "'é' (U+00E9 LATIN SMALL LETTER E WITH ACUTE) at byte 5, nearest 'e'".
  var description: String {
    let place = " at byte \(offset)"
    return describeToken(bytes, names: scalarNames) + place + (nearest.map { ", nearest " + describeToken($0) } ?? "")
  }
}

extension VocabularyProblem {
  fileprivate var text: String {
    switch self {
    case .noText: "it has no tokens of text"
    case .emptyToken(let index): "entry \(index) is empty"
    case .duplicateToken(let index, let bytes): "entry \(index) lists \(describeToken(bytes)) again"
    case .duplicateSpecial(let index, let special): "entry \(index) lists the special token \(special.rawValue) again"
    case .specialAfterText(let index, let special):
      "entry \(index), the special token \(special.rawValue), stands after tokens of text"
    case .unknownSpecial(let index, let name): "entry \(index) is a special token of an unknown kind, '\(name)'"
    case .invalidHexadecimal(let index, let text): "entry \(index) has bytes that are not hexadecimal, '\(text)'"
    case .unreadableEntry(let index): "entry \(index) is neither a string, nor bytes, nor a special token"
    }
  }
}
