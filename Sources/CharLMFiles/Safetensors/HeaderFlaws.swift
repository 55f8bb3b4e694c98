/// What is wrong with one tensor of a safetensors file, or with its entry in the header.
///
/// Offsets count from the end of the header, all sizes are bytes.
public enum TensorFlaw: Equatable, Sendable {
  /// The entry is not an object.
  case entryNotObject
  /// A field is missing.
  case missingField(String)
  /// A field that the format does not know.
  case unknownField(String)
  /// A field is of the wrong kind, or a pair does not have two parts.
  case wrongField(String)
  /// A number in the shape or the offsets is below zero.
  case negativeNumber(String)
  /// The element type is none of those that are read.
  case unknownType(String)
  /// The size by the shape does not fit an integer.
  case sizeOverflow
  /// The data's end lies before its beginning.
  case offsetsReversed
  /// The data is larger or smaller than the shape and the element type say.
  case wrongSize(expected: Int, found: Int)
  /// Between the previous tensor's end (`expected`) and this one's beginning lie bytes of no tensor.
  case hole(expected: Int, found: Int)
  /// The tensor begins before the previous one's end (`expected`).
  case overlap(expected: Int, found: Int)
}

extension TensorFlaw: CustomStringConvertible {
  /// What is wrong, without the tensor's name.
  public var description: String {
    switch self {
    case .entryNotObject: "its entry is not an object"
    case .missingField(let field): "'\(field)' is missing"
    case .unknownField(let field): "unknown field '\(field)'"
    case .wrongField(let field): "'\(field)' is of the wrong kind"
    case .negativeNumber(let field): "'\(field)' holds a negative number"
    case .unknownType(let type):
      "elements of type '\(type)' are not read (F64, F32, F16, BF16, I64, I32 and U8 are)"
    case .sizeOverflow: "its size exceeds every memory"
    case .offsetsReversed: "its data ends before it begins"
    case .wrongSize(let expected, let found): "\(found) bytes of data, where its shape and type need \(expected)"
    case .hole(let expected, let found): "begins at \(found), leaving a hole from \(expected) on"
    case .overlap(let expected, let found):
      "begins at \(found), within the tensor before it, which ends at \(expected)"
    }
  }
}

/// How a text breaks the rules of the JSON that a safetensors header may hold.
public enum JSONFlaw: Equatable, Sendable {
  /// The text ends too early.
  case unexpectedEnd
  /// A byte that cannot stand here.
  case unexpectedByte(UInt8)
  /// Objects and arrays lie in one another more deeply than `limit`.
  case tooDeep(limit: Int)
  /// An object or array has more than `limit` members, or there are more than `limit` values in all.
  case tooMany(limit: Int)
  /// A member's name has more than `limit` bytes.
  case nameTooLong(limit: Int)
  /// A number with a fraction or an exponent.
  case notInteger
  /// A number beyond 64 bits with sign.
  case integerTooLarge
  /// A backslash before something that it does not escape.
  case badEscape
  /// Half of a surrogate pair.
  case unpairedSurrogate
  /// A string's bytes are not UTF-8.
  case invalidUTF8
  /// A control character that is not escaped.
  case controlCharacter(UInt8)
}

extension JSONFlaw: CustomStringConvertible {
  /// What is wrong, without the place.
  public var description: String {
    switch self {
    case .unexpectedEnd: "the text ends too early"
    case .unexpectedByte(let byte): "unexpected \(Self.name(of: byte))"
    case .tooDeep(let limit): "more than \(limit) objects and arrays in one another"
    case .tooMany(let limit): "more than \(limit) members of one object or array, or values in all"
    case .nameTooLong(let limit): "a name of more than \(limit) bytes"
    case .notInteger: "a number that is not an integer"
    case .integerTooLarge: "a number beyond 64 bits"
    case .badEscape: "an escape sequence that JSON does not know"
    case .unpairedSurrogate: "half of a surrogate pair"
    case .invalidUTF8: "a string that is not UTF-8"
    case .controlCharacter(let byte): "\(Self.name(of: byte)) that is not escaped"
    }
  }

  /// The byte as a character where it is visible, else as a number.
  private static func name(of byte: UInt8) -> String {
    0x21...0x7E ~= byte ? "'\(Character(UnicodeScalar(byte)))'" : "byte 0x\(String(byte, radix: 16, uppercase: true))"
  }
}
