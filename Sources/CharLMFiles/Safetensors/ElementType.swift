/// An element type that is read, by its name in the file.
package enum ElementType: String, Sendable {
  case float64 = "F64"
  case int64 = "I64"
  case float32 = "F32"
  case int32 = "I32"
  case float16 = "F16"
  case bfloat16 = "BF16"
  case uint8 = "U8"

  /// The bytes of an element.
  package var width: Int {
    switch self {
    case .float64, .int64: 8
    case .float32, .int32: 4
    case .float16, .bfloat16: 2
    case .uint8: 1
    }
  }

  /// Whether the elements are fractions.
  package var isFloatingPoint: Bool {
    switch self {
    case .float64, .float32, .float16, .bfloat16: true
    case .int64, .int32, .uint8: false
    }
  }

  /// The bytes of a tensor of this type and shape; nil where they, or a factor, do not fit an integer ≥ 0.
  func byteCount(shape: [Int]) -> Int? {
    var product = width
    for size in shape {
      let (next, overflow) = product.multipliedReportingOverflow(by: size)
      guard size >= 0, !overflow else { return nil }
      product = next
    }
    return product
  }
}

extension Safetensors.Values {
  /// The type that these are written as.
  package var type: ElementType {
    switch self {
    case .float32: .float32
    case .int32: .int32
    case .int64: .int64
    case .uint8: .uint8
    case .float64: .float64
    }
  }

  /// The elements whose bytes lie in `range`, a whole number of them; F16 and BF16 are widened to float32.
  init(_ type: ElementType, bytes: [UInt8], in range: Range<Int>) {
    switch type {
    case .float64: self = .float64([Double](littleEndian: bytes, in: range))
    case .int64: self = .int64([Int64](littleEndian: bytes, in: range))
    case .float32: self = .float32([Float](littleEndian: bytes, in: range))
    case .int32: self = .int32([Int32](littleEndian: bytes, in: range))
    case .float16: self = .float32([UInt16](littleEndian: bytes, in: range).map(Float.init(float16Bits:)))
    case .bfloat16: self = .float32([UInt16](littleEndian: bytes, in: range).map(Float.init(bfloat16Bits:)))
    case .uint8: self = .uint8(Array(bytes[range]))
    }
  }
}
