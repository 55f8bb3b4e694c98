extension Field {
  /// The field in a description of the interface (JSON Schema).
  var schema: JSONValue {
    guard case .object(var members) = kind.schema else { return kind.schema }
    members["description"] = .text(help)
    if let standard { members["default"] = standard }
    return .object(members)
  }

  /// An object of fields, and of no others.
  static func schema(of fields: [Field], takesOthers: Bool = false) -> JSONValue {
    var members: [String: JSONValue] = [
      "type": "object",
      "properties": .object(Dictionary(fields.map { ($0.name, $0.nullable.schema) }) { first, _ in first }),
      "additionalProperties": .flag(takesOthers),
    ]
    let required = fields.filter(\.isRequired).map { JSONValue.text($0.name) }
    if !required.isEmpty { members["required"] = .list(required) }
    return .object(members)
  }

  /// null stands for a field that is left out, unless it must be there.
  private var nullable: Field {
    isRequired ? self : Field(name, .either(kind, .ignored([.null])), help, standard: standard)
  }
}

extension Field.Kind {
  /// The kind as JSON Schema.
  var schema: JSONValue {
    switch self {
    // Its length counts characters, the limit bytes, which are no fewer.
    case .text(let most): ["type": "string", "maxLength": .whole(UInt64(most))]
    case .integer(let range):
      ["type": "integer", "minimum": .number(Double(range.lowerBound)), "maximum": .number(Double(range.upperBound))]
    case .number(let range, let above):
      [
        "type": "number", above ? "exclusiveMinimum" : "minimum": .number(range.lowerBound),
        "maximum": .number(range.upperBound),
      ]
    case .flag: ["type": "boolean"]
    case .choice(let words): ["type": "string", "enum": .list(words.map { .text($0) })]
    case .seed: ["type": "integer"]
    case .list(let kind, let most): ["type": "array", "items": kind.schema, "maxItems": .whole(UInt64(most))]
    case .either(let first, let second): ["anyOf": .list(first.alternatives + second.alternatives)]
    case .object(let fields): Field.schema(of: fields)
    case .ignored(let values): ["enum": .list(values)]
    }
  }

  private var alternatives: [JSONValue] {
    if case .either(let first, let second) = self { first.alternatives + second.alternatives } else { [schema] }
  }
}
