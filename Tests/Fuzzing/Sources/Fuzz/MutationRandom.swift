/// The random numbers of one mutation: a function of libFuzzer's seed, so that a run can be repeated.
struct MutationRandom {
  private var state: UInt64

  init(seed: UInt32) { state = UInt64(seed) &* 0x9E37_79B9_7F4A_7C15 &+ 1 }

  /// A number from 0 to below `count`.
  mutating func below(_ count: Int) -> Int {
    state ^= state << 13
    state ^= state >> 7
    state ^= state << 17
    return Int(state >> 33) % max(count, 1)
  }
}
