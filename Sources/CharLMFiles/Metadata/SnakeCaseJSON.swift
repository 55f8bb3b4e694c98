#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// JSON with keys in snake case, as metadata, logs and descriptions hold it.
package enum SnakeCaseJSON {
  /// A value as JSON, its keys sorted, so that the same value gives the same bytes. JSON has no numbers for infinity and
  /// what is not a number, which damaged weights may lead to: they are the texts "inf", "-inf" and "nan".
  package static func text(_ value: some Encodable) -> String {
    let encoder = JSONEncoder()
    encoder.keyEncodingStrategy = .convertToSnakeCase
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    encoder.nonConformingFloatEncodingStrategy = .convertToString(
      positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
    guard let data = try? encoder.encode(value) else { preconditionFailure("no JSON for \(type(of: value))") }
    return String(decoding: data, as: UTF8.self)
  }

  /// The value that the bytes of JSON say.
  /// - Throws: what `JSONDecoder` and the value's own decoding throw; `DecodingError` beyond `JSONLimits`.
  package static func value<Value: Decodable>(_ type: Value.Type, from json: some Sequence<UInt8>) throws -> Value {
    guard JSONLimits.areKept(by: json) else {
      throw DecodingError.dataCorrupted(
        .init(
          codingPath: [],
          debugDescription:
            "it is not in UTF-8, a name has more than \(JSONLimits.nameLimit) bytes, or more than "
            + "\(JSONLimits.depthLimit) objects and lists lie in one another"))
    }
    let decoder = JSONDecoder()
    decoder.keyDecodingStrategy = .convertFromSnakeCase
    // What is read so is refused by its range, with its name.
    decoder.nonConformingFloatDecodingStrategy = .convertFromString(
      positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
    return try decoder.decode(type, from: Data(json))
  }
}
