/// Why a list of tokens is not a vocabulary; `index` counts entries from 0.
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

extension VocabularyProblem: CustomStringConvertible {
  /// What is wrong with which entry.
  public var description: String {
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
