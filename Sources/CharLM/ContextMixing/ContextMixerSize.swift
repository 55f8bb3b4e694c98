/// How much a `ContextMixer` remembers: memory that is taken at the start and does not grow.
struct ContextMixerSize: Hashable, Sendable {
  /// Entries of statistics, 32 bytes each.
  let entryCount: Int
  /// The last tokens, in which matches are found; 16 bytes each with the tables that find them.
  let recentCount: Int
  /// Contexts of each refinement, 132 bytes each.
  let refinementCount: Int

  /// Places in the tables of what followed the last token, and the last two; 8 bytes each.
  var followerCounts: (ofOne: Int, ofTwo: Int) { (min(recentCount, 1 << 14), min(recentCount, 1 << 18)) }

  /// Bytes of all these.
  var byteCount: Int {
    32 * entryCount + 16 * recentCount + 2 * 132 * refinementCount + 8 * (followerCounts.ofOne + followerCounts.ofTwo)
  }
}

extension ContextMixerSize {
  /// Enough for a text of so many tokens, within limits: at most 310 MB.
  init(tokenCount: Int) {
    func power(_ count: Int, _ limits: ClosedRange<Int>) -> Int {
      var result = limits.lowerBound
      while result < min(count, limits.upperBound) { result *= 2 }
      return result
    }
    // A text's size is what a file system says; from some size on the limits are reached in any case.
    let tokenCount = min(tokenCount, 1 << 40)
    entryCount = power(8 * tokenCount, 1 << 14...1 << 23)
    recentCount = power(tokenCount, 1 << 12...1 << 21)
    refinementCount = power(tokenCount / 16, 1 << 8...1 << 14)
  }
}
