/// The values that a number may have.
public struct ValueRange<Value: Comparable & Sendable>: Sendable {
  /// The lower end.
  public let lower: Value
  /// The upper end, which is one of them.
  public let upper: Value
  /// Whether the lower end is one of them.
  public let includesLower: Bool

  /// Both ends included.
  public static func from(_ lower: Value, to upper: Value) -> ValueRange {
    ValueRange(lower: lower, upper: upper, includesLower: true)
  }

  /// The lower end excluded.
  public static func above(_ lower: Value, upTo upper: Value) -> ValueRange {
    ValueRange(lower: lower, upper: upper, includesLower: false)
  }

  /// Whether a value is one of them; NaN never is.
  public func contains(_ value: Value) -> Bool {
    (includesLower ? value >= lower : value > lower) && value <= upper
  }

  /// The range in words: "from 1 to 64", "above 0, at most 10".
  public var description: String {
    includesLower
      ? "from \(ValueRange.plain(lower)) to \(ValueRange.plain(upper))"
      : "above \(ValueRange.plain(lower)), at most \(ValueRange.plain(upper))"
  }

  /// - Throws: `OutOfRange` for a value that is not in the range.
  package func check(_ name: String, _ value: Value) throws(OutOfRange) {
    guard contains(value) else {
      throw OutOfRange(name: name, value: ValueRange.plain(value), range: description)
    }
  }

  /// The same for a value that may be missing.
  package func check(_ name: String, _ value: Value?) throws(OutOfRange) {
    if let value { try check(name, value) }
  }

  /// A number without ".0".
  package static func plain(_ value: Value) -> String {
    let text = "\(value)"
    return text.hasSuffix(".0") ? String(text.dropLast(2)) : text
  }
}

/// A value that is not in its range.
public struct OutOfRange: Error, Hashable, Sendable, CustomStringConvertible {
  /// What has the value.
  public let name: String
  /// The value.
  public let value: String
  /// The range in words.
  public let range: String

  package init(name: String, value: String, range: String) {
    (self.name, self.value, self.range) = (name, value, range)
  }

  /// One line: the value, and what it must be.
  public var description: String { "\(name) is \(value); it must be \(range)" }
}
