/// The content of a safetensors file: named tensors and metadata, the format that PyTorch's world shares.
///
///     8 bytes   the header's length N, little-endian
///     N bytes   {"__metadata__": {…}, "name": {"dtype": "F32", "shape": [2, 3], "data_offsets": [0, 24]}, …}
///               in JSON, padded with spaces to a multiple of 8
///     the rest  the tensors' elements, little-endian, row-major, without gaps
///
/// A reader trusts nothing, and what it would refuse is not written; `SafetensorsFlaw` lists the rules. On top of the
/// format, the metadata's `sha256` is the digest of the whole file with its own 64 digits read as zeros. NaN and
/// infinite values are allowed here.
public struct Safetensors: Sendable {
  /// The largest header, in bytes, that is read or written: the reference's own cap.
  public static let headerSizeLimit = 100_000_000

  /// All of `__metadata__` but the `sha256`, which reading takes out and writing adds.
  public var metadata: [String: String]

  /// The tensors; from a file, in the order of their data.
  public var tensors: [Tensor]

  /// What reading said of the file's checksum; `.absent` for content that was made in memory.
  public private(set) var checksum: Checksum

  /// Content to be written.
  public init(metadata: [String: String] = [:], tensors: [Tensor] = []) {
    self.init(metadata: metadata, tensors: tensors, checksum: .absent)
  }

  init(metadata: [String: String], tensors: [Tensor], checksum: Checksum) {
    self.metadata = metadata
    self.tensors = tensors
    self.checksum = checksum
  }

  /// The tensor called `name`; O(tensors).
  public func tensor(named name: String) -> Tensor? {
    tensors.first { $0.name == name }
  }

  /// What is known of a file's integrity; a checksum that does not fit is an error instead.
  public enum Checksum: Equatable, Sendable {
    /// The file states none, so damage to the values would go unnoticed: worth a warning.
    case absent
    /// The content is what was written.
    case verified
  }

  /// A named array of numbers of any number of dimensions.
  public struct Tensor: Equatable, Sendable {
    /// The name, such as `rnn.weight_ih_l0`.
    public var name: String
    /// The sizes, outermost first; empty for a single number.
    public var shape: [Int]
    /// The elements, row-major, as many as the product of `shape`; writing checks it.
    public var values: Values

    /// A tensor of the given name, shape and elements.
    public init(name: String, shape: [Int], values: Values) {
      self.name = name
      self.shape = shape
      self.values = values
    }
  }

  /// A tensor's elements by their type; equal as numbers are, so NaN differs from itself.
  public enum Values: Equatable, Sendable {
    /// `F32`; `F16` and `BF16` are read as these too, exactly.
    case float32([Float])
    /// `I32`.
    case int32([Int32])
    /// `I64`.
    case int64([Int64])
    /// `U8`.
    case uint8([UInt8])
    /// `F64`.
    case float64([Double])

    /// The number of elements.
    public var count: Int {
      switch self {
      case .float32(let values): values.count
      case .int32(let values): values.count
      case .int64(let values): values.count
      case .uint8(let values): values.count
      case .float64(let values): values.count
      }
    }
  }
}
