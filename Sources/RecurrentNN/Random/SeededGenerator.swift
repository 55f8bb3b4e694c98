/// A small, fast generator of random numbers whose whole state can be saved: xoshiro256++ by Blackman and Vigna
/// (https://prng.di.unimi.it), seeded by SplitMix64.
///
/// For initial values, sampling and shuffling. Masks in training use counters instead (`MaskKey`).
public struct SeededGenerator: RandomNumberGenerator, Hashable, Sendable, Codable {
  private var a: UInt64
  private var b: UInt64
  private var c: UInt64
  private var d: UInt64

  /// A generator whose sequence is a function of the seed.
  public init(seed: UInt64) {
    a = mix(seed &+ 1 &* goldenGamma)
    b = mix(seed &+ 2 &* goldenGamma)
    c = mix(seed &+ 3 &* goldenGamma)
    d = mix(seed &+ 4 &* goldenGamma)
  }

  /// The next 64 random bits.
  public mutating func next() -> UInt64 {
    let result = rotated(a &+ d, by: 23) &+ a
    let shifted = b << 17
    c ^= a
    d ^= b
    b ^= c
    a ^= d
    c ^= shifted
    d = rotated(d, by: 45)
    return result
  }

  /// Uniform in [0, 1), with 24 random bits.
  public mutating func uniform() -> Float { Float(next() >> 40) * 0x1p-24 }

  /// Uniform in [0, 1), with 53 random bits.
  public mutating func uniformDouble() -> Double { Double(next() >> 11) * 0x1p-53 }
}

private func rotated(_ x: UInt64, by count: UInt64) -> UInt64 { x << count | x >> (64 - count) }

package let goldenGamma: UInt64 = 0x9E37_79B9_7F4A_7C15

/// SplitMix64's finalizer: a bijection of 64 bits in which each bit of the input changes half of the output's.
package func mix(_ value: UInt64) -> UInt64 {
  var z = value
  z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
  z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
  return z ^ (z >> 31)
}

/// The key of a row's dropout mask: a function of where the row stands in the run and of nothing else, so that
/// shards, threads and resuming cannot change a mask.
package struct MaskKey {
  private let stem: UInt64

  package init(seed: UInt64, step: Int, layer: Int) {
    let ofStep = mix(mix(seed &+ goldenGamma) ^ UInt64(truncatingIfNeeded: step))
    stem = mix(ofStep ^ UInt64(truncatingIfNeeded: layer) &* goldenGamma)
  }

  /// The key of a batch row (numbered over all shards) at a time step of the chunk.
  package func key(time: Int, row: Int) -> UInt64 {
    mix(stem ^ (UInt64(truncatingIfNeeded: time) << 32 | UInt64(truncatingIfNeeded: row)) &* goldenGamma)
  }

  /// The key of a batch row's one mask for all time steps of the chunk: that of a time which no chunk has.
  package func key(row: Int) -> UInt64 { key(time: -1, row: row) }
}

// What is no layer's output has numbers below zero in a layer's place.
extension MaskKey {
  /// Of an embedding, whose rows are tokens.
  package init(embeddingWithSeed seed: UInt64, step: Int) { self.init(seed: seed, step: step, layer: -1) }

  /// Of a layer's W_hh, by the rows of the weight.
  package init(weightWithSeed seed: UInt64, step: Int, layer: Int, isReverse: Bool) {
    self.init(seed: seed, step: step, layer: -2 - 2 * layer - (isReverse ? 1 : 0))
  }
}
