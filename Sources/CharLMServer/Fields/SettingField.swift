import CharLM
import CharLMTraining

/// A field of a request that asks for a setting of a run.
struct SettingField: Sendable {
  let field: Field
  /// Requests the setting, where the request has the field.
  let request: @Sendable (FieldValues, inout RequestedSettings) -> Void

  typealias Path<Value> = WritableKeyPath<RunSettings, Value> & Sendable

  static func integer(
    _ name: String, _ range: ValueRange<Int>, sets path: Path<Int>, _ help: String
  ) -> SettingField {
    SettingField(field: Field(name, .integer(range), help)) { values, requested in
      if let value = values.integer(name) { requested[path] = value }
    }
  }

  static func number(
    _ name: String, _ range: ValueRange<Float>, sets path: Path<Float>, _ help: String
  ) -> SettingField {
    SettingField(field: Field(name, .number(range), help)) { values, requested in
      if let value = values.number(name) { requested[path] = value }
    }
  }

  static func choice<Value: RawRepresentable & CaseIterable & Sendable>(
    _ name: String, sets path: Path<Value>, _ help: String
  ) -> SettingField where Value.RawValue == String {
    SettingField(field: Field(name, .choice(Value.allCases.map(\.rawValue)), help)) { values, requested in
      if let value = values.text(name).flatMap(Value.init(rawValue:)) { requested[path] = value }
    }
  }

  static func flag(_ name: String, sets path: Path<Bool>, _ help: String) -> SettingField {
    SettingField(field: Field(name, .flag, help)) { values, requested in
      if values.has(name) { requested[path] = values.flag(name) }
    }
  }
}

extension Field.Kind {
  /// A whole number of a setting's range.
  static func integer(_ range: ValueRange<Int>) -> Field.Kind { .integer(range.lower...range.upper) }

  /// A number of a setting's range.
  static func number<Number: BinaryFloatingPoint & Sendable>(_ range: ValueRange<Number>) -> Field.Kind {
    // By its digits: the `Float` nearest to 0.95 is another `Double`.
    let ends = [range.lower, range.upper].map { Double("\($0)") ?? Double($0) }
    return .number(ends[0]...ends[1], above: !range.includesLower)
  }
}
