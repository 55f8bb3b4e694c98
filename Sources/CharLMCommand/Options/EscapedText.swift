import ArgumentParser
import CharLM

/// A text in which `\n`, `\r`, `\t` and `\\` are escape sequences.
struct EscapedText: Equatable, ArgumentText {
  /// The unescaped text, not empty.
  let text: String

  /// It is looked for at each place of a text.
  private static let longest = SettingRanges.documentSeparator.upperBound

  private static let meanings: [Character: Character] = ["n": "\n", "r": "\r", "t": "\t", "\\": "\\"]

  /// Unescapes a text.
  /// - Throws: `ValidationError` for an empty text, and for a backslash before anything else.
  init(escaped argument: String) throws {
    if argument.isEmpty { throw ValidationError("it is empty") }
    guard argument.utf8.count <= EscapedText.longest else {
      throw ValidationError("it has more than \(EscapedText.longest) bytes")
    }
    guard let text = EscapedText.unescaped(argument, other: { _ in nil }) else {
      throw ValidationError("a backslash must be followed by n, r, t or another backslash")
    }
    self.text = text
  }

  /// A text of a person's own, in which other backslashes stand for themselves, as in `\section`.
  static func unescaped(_ argument: String) -> String {
    unescaped(argument, other: { $0 }) ?? argument
  }

  /// - Parameter other: what another backslash stands for, with the character after it, if there is one.
  /// - Returns: nil where it stands for nothing.
  private static func unescaped(_ argument: String, other: (String) -> String?) -> String? {
    var text = ""
    var rest = argument[...]
    while let character = rest.popFirst() {
      guard character == "\\" else {
        text.append(character)
        continue
      }
      let next = rest.popFirst()
      if let meaning = next.flatMap({ meanings[$0] }) {
        text.append(meaning)
      } else {
        guard let other = other("\\" + (next.map { String($0) } ?? "")) else { return nil }
        text += other
      }
    }
    return text
  }

  var argumentText: String { EscapedText.escaped(text) }

  /// A text with escape sequences.
  static func escaped(_ text: String) -> String {
    text.unicodeScalars.map { scalar in
      switch scalar {
      case "\n": "\\n"
      case "\r": "\\r"
      case "\t": "\\t"
      case "\\": "\\\\"
      default: String(scalar)
      }
    }.joined()
  }
}
