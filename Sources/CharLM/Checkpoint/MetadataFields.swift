import CharLMFiles
import CharLMText

/// The metadata of a file, field by field, with errors that name the field.
package struct MetadataFields {
  private let metadata: [String: String]
  let source: String

  package init(_ metadata: [String: String], source: String) {
    self.metadata = metadata
    self.source = source
  }

  package func checkFormat(atMost highest: Int) throws(CheckpointError) {
    guard let text = metadata["charlm_format"] else { throw .model(source: source, .notCharLM) }
    guard let found = Int(text), found >= 1 else {
      throw .model(source: source, .invalidField(name: "charlm_format", reason: "'\(text)' is not a number from 1"))
    }
    guard found <= highest else { throw .model(source: source, .newerFormat(found: found, highest: highest)) }
  }

  package func string(_ name: String) throws(CheckpointError) -> String {
    guard let value = metadata[name] else { throw .model(source: source, .missingField(name: name)) }
    return value
  }

  package func choice<Choice: RawRepresentable>(_ name: String) throws(CheckpointError) -> Choice
  where Choice.RawValue == String {
    let value = try string(name)
    guard let choice = Choice(rawValue: value) else {
      throw .model(source: source, .invalidField(name: name, reason: "'\(value)' is not known"))
    }
    return choice
  }

  package func decoded<Value: Decodable>(_ name: String, as type: Value.Type) throws(CheckpointError) -> Value {
    let text = try string(name)
    do {
      return try SnakeCaseJSON.value(type, from: text.utf8)
    } catch {
      throw .model(source: source, .invalidField(name: name, reason: reason(of: error)))
    }
  }

  private func reason(of error: any Error) -> String {
    switch error {
    case let error as TextError: error.description
    case DecodingError.keyNotFound(let key, _): "'\(key.stringValue)' is missing"
    case DecodingError.typeMismatch(_, let context), DecodingError.valueNotFound(_, let context),
      DecodingError.dataCorrupted(let context):
      (context.codingPath.map(\.stringValue) + [context.debugDescription]).joined(separator: ": ")
    default: "\(error)"
    }
  }
}
