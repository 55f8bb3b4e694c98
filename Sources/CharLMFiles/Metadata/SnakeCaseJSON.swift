#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// JSON with keys in snake case, as metadata, logs and descriptions hold it.
package enum SnakeCaseJSON {
  /// A value as JSON, its keys sorted, so that the same value gives the same bytes.
  package static func text(_ value: some Encodable) -> String {
    let encoder = JSONEncoder()
    encoder.keyEncodingStrategy = .convertToSnakeCase
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    guard let data = try? encoder.encode(value) else { preconditionFailure("no JSON for \(type(of: value))") }
    return String(decoding: data, as: UTF8.self)
  }

  /// The value that the bytes of JSON say.
  /// - Throws: what `JSONDecoder` and the value's own decoding throw.
  package static func value<Value: Decodable>(_ type: Value.Type, from json: some Sequence<UInt8>) throws -> Value {
    let decoder = JSONDecoder()
    decoder.keyDecodingStrategy = .convertFromSnakeCase
    return try decoder.decode(type, from: Data(json))
  }
}
