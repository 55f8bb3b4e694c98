import ArgumentParser

/// A text in which `\n`, `\r`, `\t` and `\\` are escape sequences.
struct EscapedText: Equatable, ArgumentText {
  /// The unescaped text, not empty.
  let text: String

  private static let meanings: [Character: Character] = ["n": "\n", "r": "\r", "t": "\t", "\\": "\\"]

  /// Unescapes a text.
  /// - Throws: `ValidationError` for an empty text, and for a backslash before anything else.
  init(escaped argument: String) throws {
    if argument.isEmpty { throw ValidationError("it is empty") }
    text = try EscapedText.unescaped(argument)
  }

  /// A text, perhaps empty, without its escape sequences.
  /// - Throws: `ValidationError` for a backslash before anything but n, r, t and a backslash.
  static func unescaped(_ argument: String) throws -> String {
    let unknown = ValidationError("a backslash must be followed by n, r, t or another backslash")
    var text = ""
    var isEscaped = false
    for character in argument {
      if isEscaped {
        guard let meaning = EscapedText.meanings[character] else { throw unknown }
        text.append(meaning)
        isEscaped = false
      } else if character == "\\" {
        isEscaped = true
      } else {
        text.append(character)
      }
    }
    if isEscaped { throw unknown }
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
