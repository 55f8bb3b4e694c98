import CharLMFiles
import CharLM

/// A value that is encoded as `null` where there is none, instead of being left out.
struct OrNull<Value: Encodable & Sendable>: Encodable, Sendable {
  var value: Value?

  init(_ value: Value?) { self.value = value }

  func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    if let value { try container.encode(value) } else { try container.encodeNil() }
  }
}

extension OrNull where Value == Double {
  /// A number; null where it is not finite, as JSON has no NaN.
  init(finite value: Double?) { self.init(value.flatMap { $0.isFinite ? $0 : nil }) }
}

extension StandardOutput {
  /// Writes a value as one line of JSON: keys in snake case, sorted, numbers not rounded.
  static func print(json value: some Encodable) throws {
    try print(result: VisibleText.json(SnakeCaseJSON.text(value)) + "\n")
  }
}
