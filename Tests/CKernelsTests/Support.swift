// What the tests of the kernels share: the tables of this CPU, buffers with guarded ends, numbers to feed them with,
// and comparisons with plain Double arithmetic.

import CKernels
import Testing

/// The instruction sets; each test runs on all that this CPU has.
enum Table: String, CaseIterable, CustomTestStringConvertible {
  case plain, avx2, avx512

  static let available = allCases.filter { ck_kernels_for($0.isa) != nil }

  var isa: ck_isa {
    switch self {
    case .plain: CK_PLAIN
    case .avx2: CK_AVX2
    case .avx512: CK_AVX512
    }
  }
  var kernels: ck_kernels { ck_kernels_for(isa).pointee }
  var testDescription: String { rawValue }
}

/// Row widths around whole vectors of 4, 8 and 16 lanes.
let widths = [1, 3, 16, 17, 64, 100]
let rowCounts = [0, 1, 5]

/// A float buffer for C that begins off every vector boundary and notices writes beyond its ends.
final class Buffer {
  private static let guardCount = 17
  private static let sentinel: Float = 8_675_309

  private let memory: UnsafeMutablePointer<Float>
  let count: Int

  /// The numbers given.
  init(_ values: [Float]) {
    count = values.count
    memory = .allocate(capacity: count + 2 * Self.guardCount)
    memory.initialize(repeating: Self.sentinel, count: count + 2 * Self.guardCount)
    for (i, value) in values.enumerated() { pointer[i] = value }
  }

  /// NaN everywhere: what is not written shows.
  convenience init(count: Int) { self.init([Float](repeating: .nan, count: count)) }

  deinit { memory.deallocate() }

  var pointer: UnsafeMutablePointer<Float> { memory + Self.guardCount }
  var values: [Float] { (0..<count).map { pointer[$0] } }
  var isIntact: Bool {
    (0..<Self.guardCount).allSatisfy {
      memory[$0] == Self.sentinel && pointer[count + $0] == Self.sentinel
    }
  }
}

/// SplitMix64.
struct Random: RandomNumberGenerator {
  private var state: UInt64
  init(_ seed: Int) { state = UInt64(seed) &* 0x9E37_79B9_7F4A_7C15 }
  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }
  mutating func floats(_ count: Int, in range: ClosedRange<Float> = -1...1) -> [Float] {
    (0..<count).map { _ in Float.random(in: range, using: &self) }
  }
}

/// The largest |actual − expected| / max(1, |expected|); infinite where one is NaN or the counts differ.
func worstError(_ actual: [Float], _ expected: [Double]) -> Double {
  guard actual.count == expected.count else { return .infinity }
  return zip(actual, expected).reduce(0) { worst, pair in
    let error = abs(Double(pair.0) - pair.1) / max(1, abs(pair.1))
    return error.isNaN ? .infinity : max(worst, error)
  }
}

/// Expects a buffer to hold the numbers within `tolerance`, relative where they exceed 1, and intact ends.
func expect(
  _ buffer: Buffer, equals expected: [Double], within tolerance: Double, _ what: String,
  sourceLocation: SourceLocation = #_sourceLocation
) {
  let error = worstError(buffer.values, expected)
  #expect(error <= tolerance, "\(what)", sourceLocation: sourceLocation)
  #expect(buffer.isIntact, "\(what): written beyond its ends", sourceLocation: sourceLocation)
}

/// ∂f/∂x by central differences in Double, good to about 1e-9 for functions of size 1.
func numericalGradient(of f: ([Double]) -> Double, at x: [Double]) -> [Double] {
  let step = 1e-5
  return x.indices.map { i in
    var above = x
    var below = x
    above[i] += step
    below[i] -= step
    return (f(above) - f(below)) / (2 * step)
  }
}
