/// Why a safetensors file was not read or not written.
public enum SafetensorsError: Error, Equatable, Sendable {
  /// The file could not be read or written at all; the path is inside.
  case file(FileError)
  /// The bytes of `source` are not a safetensors file that this reader accepts, or would not be one once written.
  case invalid(source: String, SafetensorsFlaw)
}

extension SafetensorsError: CustomStringConvertible {
  /// One line: which file, and what is wrong with it.
  public var description: String {
    switch self {
    case .file(let error): error.description
    case .invalid(let source, let flaw): "\(source): \(flaw)"
    }
  }
}

/// What is wrong with the bytes, or the content to write, of a safetensors file.
///
/// All sizes are bytes.
public enum SafetensorsFlaw: Error, Equatable, Sendable {
  /// The file cannot even hold the header's length.
  case tooShort(byteCount: Int)
  /// The header's length exceeds the largest that is read or written.
  case headerTooLarge(byteCount: UInt64, limit: Int)
  /// The file ends within the header.
  case headerCutOff(byteCount: Int, available: Int)
  /// The header does not begin with `{`.
  case headerNotObject
  /// The header's JSON breaks a rule at the byte `offset` of the header.
  case json(JSONFlaw, offset: Int)
  /// Two tensors, metadata or fields have the same name (names that differ only by Unicode normalization count as same).
  case duplicateName(String)
  /// A tensor is called `__metadata__`.
  case reservedName(String)
  /// `__metadata__` is not an object.
  case metadataNotObject
  /// The value of a metadata key is not a string.
  case metadataNotString(key: String)
  /// The entry of a tensor, by its name, breaks a rule.
  case tensor(String, TensorFlaw)
  /// The file ends before the last tensor does.
  case dataCutOff(expected: Int, found: Int)
  /// Bytes follow the last tensor.
  case trailingBytes(count: Int)
  /// The checksum is not 64 lowercase hexadecimal digits, written plainly.
  case malformedChecksum(String)
  /// The content is not what the checksum was made from.
  case checksumMismatch(stated: String, computed: String)
}

extension SafetensorsFlaw: CustomStringConvertible {
  /// What is wrong, naming the tensor or field, without the file.
  public var description: String {
    switch self {
    case .tooShort(let count): "not a safetensors file: only \(count == 1 ? "one byte" : "\(count) bytes")"
    case .headerTooLarge(let count, let limit):
      "the header's length, \(count) bytes, exceeds \(limit): damaged, or not a safetensors file"
    case .headerCutOff(let count, let available): "cut off: of the header's \(count) bytes \(available) are there"
    case .headerNotObject: "not a safetensors file: the header does not begin with '{'"
    case .json(let flaw, let offset): "the header, byte \(offset): \(flaw)"
    case .duplicateName(let name): "two entries are called '\(name)'"
    case .reservedName(let name): "no tensor may be called '\(name)'"
    case .metadataNotObject: "__metadata__ is not an object"
    case .metadataNotString(let key): "__metadata__: the value of '\(key)' is not a string"
    case .malformedChecksum(let text): "sha256 is '\(text)', not 64 lowercase hexadecimal digits"
    case .checksumMismatch(let stated, let computed):
      "damaged: its sha256 should be \(stated), but is \(computed)"
    case .dataCutOff(let expected, let found): "cut off: of the tensors' \(expected) bytes \(found) are there"
    case .trailingBytes(let count):
      count == 1 ? "a byte follows the last tensor" : "\(count) bytes follow the last tensor"
    case .tensor(let name, let flaw): "tensor '\(name)': \(flaw)"
    }
  }
}
