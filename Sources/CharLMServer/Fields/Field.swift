/// A field of a request: its name, the values that it may have, and what it is for. From the tables of fields follow the
/// checks of requests and the description of the interface.
struct Field: Sendable {
  /// The name, as in the request.
  let name: String
  /// The values that it may have.
  let kind: Kind
  /// A sentence on what it is for.
  let help: String
  /// The value where it is not given; nil where that is no value of the field's own.
  var standard: JSONValue?
  /// Whether a request must have it.
  var isRequired = false

  init(_ name: String, _ kind: Kind, _ help: String, standard: JSONValue? = nil, isRequired: Bool = false) {
    (self.name, self.kind, self.help, self.standard, self.isRequired) = (name, kind, help, standard, isRequired)
  }

  /// The values that a field may have.
  indirect enum Kind: Sendable {
    /// A text of at most so many bytes.
    case text(bytes: Int)
    /// A whole number.
    case integer(ClosedRange<Int>)
    /// A number; `above` leaves the lower end out.
    case number(ClosedRange<Double>, above: Bool = false)
    case flag
    /// One of some words.
    case choice([String])
    /// Any whole number of 64 bits.
    case seed
    /// So many of a kind.
    case list(Kind, most: Int)
    /// A value of either kind.
    case either(Kind, Kind)
    /// An object of fields.
    case object([Field])
    /// A value that changes nothing: what others' interfaces have and this one has not.
    case ignored([JSONValue])
  }
}

extension Field.Kind {
  /// What is wrong with a value, as it continues the field's name; nil where nothing is.
  func problem(_ value: JSONValue) -> String? {
    switch (self, value) {
    case (.text(let most), .text(let text)):
      return text.utf8.count <= most ? nil : "has \(text.utf8.count) bytes; it may have \(most)"
    case (.integer(let range), .whole(let number)):
      let isInside = number <= UInt64(Int.max) && range.contains(Int(number))
      return isInside ? nil : "is \(number); it must be from \(range.lowerBound) to \(range.upperBound)"
    case (.number(let range, let above), .whole(let number)): return outside(Double(number), range, above)
    case (.number(let range, let above), .number(let number)): return outside(number, range, above)
    case (.flag, .flag), (.seed, .whole): return nil
    case (.seed, .number(let number)) where number == number.rounded() && abs(number) < 0x1p63: return nil
    case (.choice(let words), .text(let word)):
      return words.contains(word) ? nil : "is '\(word.prefix(40))'; it must be \(Field.alternatives(words))"
    case (.list(let kind, let most), .list(let values)):
      if values.count > most { return "has \(values.count) elements; it may have \(most)" }
      return values.lazy.compactMap { kind.problem($0) }.first.map { "has an element that " + $0 }
    case (.either(let first, let second), _):
      return first.takes(value) ? first.problem(value) : second.problem(value)
    case (.object(let fields), .object(let members)):
      do throws(RequestError) { _ = try FieldValues(members, fields) } catch {
        return "has a member that is wrong: " + error.message
      }
      return nil
    case (.ignored(let neutral), _):
      return neutral.contains(value) ? nil : "is not supported here; leave it out"
    default: return "is \(value.kind); it must be \(phrase)"
    }
  }

  private func outside(_ value: Double, _ range: ClosedRange<Double>, _ above: Bool) -> String? {
    // The number itself, and the `Float` that is computed with, which may be 0 where the number is not.
    let single = Double(Float(value))
    let isInside = range.contains(value) && range.contains(single) && !(above && single == range.lowerBound)
    return isInside ? nil : "is \(value); it must be \(phrase)"
  }

  /// Whether a value is of the kind's type, whatever its range.
  private func takes(_ value: JSONValue) -> Bool {
    switch (self, value) {
    case (.text, .text), (.choice, .text), (.integer, .whole), (.seed, .whole), (.flag, .flag), (.object, .object),
      (.number, .whole), (.number, .number):
      true
    case (.list(let kind, _), .list(let values)): values.first.map { kind.takes($0) } ?? true
    case (.either(let first, let second), _): first.takes(value) || second.takes(value)
    default: false
    }
  }

  /// The values in words.
  var phrase: String {
    switch self {
    case .text(let most): "a text of at most \(most) bytes"
    case .integer(let range): "a whole number from \(range.lowerBound) to \(range.upperBound)"
    case .number(let range, let above):
      above
        ? "a number above \(range.lowerBound.plain), at most \(range.upperBound.plain)"
        : "a number from \(range.lowerBound.plain) to \(range.upperBound.plain)"
    case .flag: "true or false"
    case .choice(let words): Field.alternatives(words)
    case .seed: "a whole number of 64 bits"
    case .list(let kind, let most): "a list of at most \(most), each \(kind.phrase)"
    case .either(let first, let second): first.phrase + ", or " + second.phrase
    case .object: "an object"
    case .ignored: "left out"
    }
  }
}

extension Field {
  fileprivate static func alternatives(_ words: [String]) -> String {
    words.map { "'\($0)'" }.joined(separator: " or ")
  }
}

extension Double {
  /// Without ".0".
  fileprivate var plain: String { description.hasSuffix(".0") ? String(description.dropLast(2)) : description }
}
