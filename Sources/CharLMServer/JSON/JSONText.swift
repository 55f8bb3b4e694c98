/// JSON in pieces, for what is written often: an encoder takes a hundred times as long.
enum JSONText {
  /// A string with its quotes.
  static func quoted(_ text: some StringProtocol) -> String {
    var quoted = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"": quoted += "\\\""
      case "\\": quoted += "\\\\"
      case "\n": quoted += "\\n"
      case "\r": quoted += "\\r"
      case "\t": quoted += "\\t"
      // These two end a line in old JavaScript, and in server-sent events of careless readers.
      case "\u{0}"..."\u{1F}", "\u{2028}", "\u{2029}":
        let digits = String(scalar.value, radix: 16)
        quoted += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
      default: quoted.unicodeScalars.append(scalar)
      }
    }
    return quoted + "\""
  }

  /// An object of members that are JSON already.
  static func object(_ members: [(name: String, json: String)]) -> String {
    "{" + members.map { quoted($0.name) + ":" + $0.json }.joined(separator: ",") + "}"
  }

  /// A list of elements that are JSON already.
  static func list(_ elements: some Sequence<String>) -> String { "[" + elements.joined(separator: ",") + "]" }

  /// A number; null where it is not finite, which JSON has no word for.
  static func number<Number: BinaryFloatingPoint & LosslessStringConvertible>(_ value: Number) -> String {
    value.isFinite ? value.description : "null"
  }
}
