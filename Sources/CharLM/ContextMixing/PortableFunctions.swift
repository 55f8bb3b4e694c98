/// exp and log from additions, multiplications and the bits of numbers alone: the same bits on every CPU.
///
/// What is compressed here is decompressed elsewhere, and an arithmetic coder loses its way where one probability differs
/// in one bit. IEEE 754 says what +, −, ·, / and √ give, to the last bit, but not exp and log, which differ between C
/// libraries and their versions. Swift neither fuses nor reorders operations, so that these functions are portable as they
/// stand. They need not be right to the last bit: only smooth, and close.
///
///     e^x = 2^k e^r,       k = round(x / ln 2), r = x − k ln 2, |r| ≤ ln 2 / 2
///     log x = k ln 2 + 2 artanh((m − 1) / (m + 1)),       x = 2^k m, √½ ≤ m < √2
///
/// ln 2 is split in two so that k times the first part is exact (Cody and Waite 1980, whose constants are used in the
/// single precision of Cephes). The polynomials are Taylor's: of degree 7 in single precision (relative error below 2e-7
/// with rounding), 11 in double precision (below 1e-13), and the series of artanh up to degree 19 (below 1e-15).
enum Portable {
  /// e^x; as at −87 below, and as at 88 above.
  @inline(__always)
  static func exponential(_ x: Float) -> Float {
    let x = min(max(x, -87), 88)
    let shifted = x * 1.442_695_04 + shift
    let k = shifted - shift
    let r = (x - k * 0.693_359_375) - k * -2.121_944_4e-4
    return polynomial(r) * Float(bitPattern: (shifted.bitPattern &- shiftBits &+ 127) << 23)
  }

  /// The same of 16 numbers, with the same bits.
  @inline(__always)
  static func exponential(_ x: SIMD16<Float>) -> SIMD16<Float> {
    let low = SIMD16<Float>(repeating: -87)
    let bounded = x.replacing(with: low, where: x .< low)
    let shifted = bounded * 1.442_695_04 + shift
    let k = shifted - shift
    let r = (bounded - k * 0.693_359_375) - k * -2.121_944_4e-4
    // Safe (here and below): numbers of the same size.
    let bits = unsafe unsafeBitCast(shifted, to: SIMD16<UInt32>.self)
    let power = unsafe unsafeBitCast((bits &- shiftBits &+ 127) &<< 23, to: SIMD16<Float>.self)
    var sum = r * c7 + c6
    sum = sum * r + c5
    sum = sum * r + c4
    sum = sum * r + c3
    sum = sum * r + 0.5
    sum = sum * r + 1
    return (sum * r + 1) * power
  }

  /// Adding 1.5 · 2^23 rounds to an integer, which then stands in the low bits.
  private static var shift: Float { 0x1.8p23 }
  private static var shiftBits: UInt32 { 0x4B40_0000 }
  private static var c7: Float { 1 / 5040 }
  private static var c6: Float { 1 / 720 }
  private static var c5: Float { 1 / 120 }
  private static var c4: Float { 1 / 24 }
  private static var c3: Float { 1 / 6 }

  @inline(__always)
  private static func polynomial(_ r: Float) -> Float {
    var sum = r * c7 + c6
    sum = sum * r + c5
    sum = sum * r + c4
    sum = sum * r + c3
    sum = sum * r + 0.5
    sum = sum * r + 1
    return sum * r + 1
  }
}

extension Portable {
  /// e^x in double precision; 0 below −700, and for NaN, which logits of damaged weights may be.
  static func exponential(_ x: Double) -> Double {
    guard x > -700 else { return 0 }
    let x = min(x, 700)
    let k = (x * 1.442_695_040_888_963_4 + 0x1.8p52) - 0x1.8p52
    // The first part of ln 2 has 21 bits.
    let r = (x - k * 0x1.62e42p-1) - k * 0x1.fdf473de6af28p-22
    var (sum, factor) = (1.0, 12.0)
    while factor > 0 {
      sum = 1 + sum * r / factor
      factor -= 1
    }
    return sum * Double(bitPattern: UInt64(bitPattern: Int64(k) + 1023) << 52)
  }

  /// The natural logarithm of a positive, normal number.
  static func logarithm(_ x: Double) -> Double {
    var exponent = Int64(x.bitPattern >> 52) - 1023
    var m = Double(bitPattern: x.bitPattern & 0x000F_FFFF_FFFF_FFFF | 0x3FF0_0000_0000_0000)
    if m > 1.414_213_562_373_095 {
      m *= 0.5
      exponent += 1
    }
    let t = (m - 1) / (m + 1)
    let square = t * t
    var (sum, degree) = (0.0, 21.0)
    while degree > 0 {
      sum = sum * square + 1 / degree
      degree -= 2
    }
    return Double(exponent) * 0.693_147_180_559_945_3 + 2 * t * sum
  }
}
