/// The fields of a request, each checked against its declaration.
struct FieldValues: Sendable {
  private let values: [String: JSONValue]
  private let fields: [String: Field]

  /// The fields of a request's body.
  /// - Parameter takesOthers: whether fields that are not declared are left alone, or refused.
  /// - Throws: `RequestError`, which names the field.
  init(body: [UInt8], _ fields: [Field], takesOthers: Bool = false) throws(RequestError) {
    guard let value = JSONValue(body) else {
      throw RequestError(status: .badRequest, message: "the body is not JSON in UTF-8")
    }
    guard case .object(let members) = value else {
      throw RequestError(status: .badRequest, message: "the body is \(value.kind); it must be an object")
    }
    try self.init(members, fields, takesOthers: takesOthers)
  }

  /// Fields by name.
  init(_ members: [String: JSONValue], _ fields: [Field], takesOthers: Bool = false) throws(RequestError) {
    self.fields = Dictionary(fields.map { ($0.name, $0) }) { first, _ in first }
    values = members.filter { $0.value != .null }
    for (name, value) in members.sorted(by: { $0.key < $1.key }) {
      guard let field = self.fields[name] else {
        if takesOthers { continue }
        throw RequestError(
          status: .badRequest, message: "there is no field '\(name.prefix(40))' here", field: String(name.prefix(40)))
      }
      if value == .null, !field.isRequired { continue }
      if let problem = field.kind.problem(value) { throw .wrong(name, problem) }
    }
    for field in fields where field.isRequired && values[field.name] == nil {
      throw .wrong(field.name, "is missing; it must be \(field.kind.phrase)")
    }
  }

  /// A field's value, or what it is without one; nil where there is neither.
  subscript(_ name: String) -> JSONValue? {
    guard let field = fields[name] else { preconditionFailure("a field '\(name)' that is not declared") }
    return values[name] ?? field.standard
  }

  /// Whether a request may have the field.
  func isDeclared(_ name: String) -> Bool { fields[name] != nil }

  /// Whether the request has the field.
  func has(_ name: String) -> Bool { values[name] != nil }

  func text(_ name: String) -> String? {
    if case .text(let text)? = self[name] { text } else { nil }
  }

  func flag(_ name: String) -> Bool { self[name] == .flag(true) }

  func integer(_ name: String) -> Int? {
    if case .whole(let number)? = self[name] { Int(clamping: number) } else { nil }
  }

  func number(_ name: String) -> Float? { double(name).map { Float($0) } }

  func double(_ name: String) -> Double? {
    switch self[name] {
    case .whole(let number)?: Double(number)
    case .number(let number)?: number
    default: nil
    }
  }

  /// Negative numbers are taken by their bits.
  func seed(_ name: String) -> UInt64? {
    switch self[name] {
    case .whole(let number)?: number
    case .number(let number)?: UInt64(bitPattern: Int64(number))
    default: nil
    }
  }

  /// A text, or a list of them.
  func texts(_ name: String) -> [String] {
    switch self[name] {
    case .text(let text)?: [text]
    case .list(let values)?: values.compactMap { if case .text(let text) = $0 { text } else { nil } }
    default: []
    }
  }
}
