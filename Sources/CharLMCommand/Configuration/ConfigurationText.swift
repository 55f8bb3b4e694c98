import CharLMFiles

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
    // What a string of JSON may hold, a basic string of TOML may, too.
    case .string(let text): VisibleText.json(SnakeCaseJSON.text(text))
    case .list(let values): "[" + values.map(self.text).joined(separator: ", ") + "]"
    }
  }
}
