import CKernels

/// What sampling keeps a network's weights in. A step of one stream is bound by reading them.
public enum StreamPrecision: String, Codable, Hashable, Sendable, CaseIterable {
  /// 24 bits of precision.
  case float32
  /// bfloat16, the upper half of a float32, which any CPU widens as it reads: half the bytes.
  case bfloat16 = "bf16"
  /// Integers of 8 bits with a scale for each output, and activations likewise: a quarter of the bytes, and the same
  /// bits on every CPU. What a token's embedding becomes in the first layer stays in float32.
  case int8

  /// The one that samples fastest on this CPU: int8 where it multiplies and adds bytes by instructions of its own, else
  /// bfloat16. Neither is noticeably worse than float32.
  public static let fastest: StreamPrecision = hasIntegerProducts ? .int8 : .bfloat16

  private static var hasIntegerProducts: Bool { unsafe String(cString: ck_int8_active().pointee.name) != "plain" }

  /// Bytes of a weight.
  package var byteCount: Int {
    switch self {
    case .float32: 4
    case .bfloat16: 2
    case .int8: 1
    }
  }

  /// What gates are computed by: where weights are integers, the kernels that give the same bits on every CPU.
  var kernels: Kernels { self == .int8 ? .exact : .active }

  /// What the first layer's inputs, which are embeddings and made once a token, are multiplied in.
  var ofEmbeddings: StreamPrecision { self == .int8 ? .float32 : self }
}
