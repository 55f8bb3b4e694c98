/// Lines of TOML for a file of options.
enum ConfigurationText {
  /// `name = value`.
  static func line(_ name: String, _ value: ConfigurationFile.Value) -> String {
    "\(name) = \(text(value))"
  }

  static func text(_ value: ConfigurationFile.Value) -> String {
    switch value {
    case .boolean(let value): "\(value)"
    case .number(let text): text
    case .string(let text): quoted(text)
    case .list(let values): "[" + values.map(self.text).joined(separator: ", ") + "]"
    }
  }

  /// A basic string.
  private static func quoted(_ text: String) -> String {
    var quoted = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"": quoted += "\\\""
      case "\\": quoted += "\\\\"
      case "\n": quoted += "\\n"
      case "\t": quoted += "\\t"
      case "\r": quoted += "\\r"
      default:
        if VisibleText.isObeyed(scalar) {
          let digits = String(scalar.value, radix: 16, uppercase: true)
          quoted += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
        } else {
          quoted.unicodeScalars.append(scalar)
        }
      }
    }
    return quoted + "\""
  }
}
