import CharLMText

/// What followed the last tokens at the last two places where they stood: a context that tells how a passage went on
/// lately, whatever came long before.
struct Followers: Sendable {
  /// The number of last tokens.
  private let length: Int
  /// By a hash of the last tokens: two followers, the later one in the low half.
  private var table: ValueBuffer<UInt64>
  private var slot = 0

  /// - Parameters:
  ///   - length: the number of last tokens.
  ///   - count: of places in the table, a power of two.
  init(of length: Int, count: Int) {
    self.length = length
    table = ValueBuffer(count: count)
  }

  /// The followers of the last tokens, as a number; 0 where they have not been met.
  var recent: UInt64 { table[slot] }

  /// Remembers what has followed, before the text moves on.
  mutating func learn(_ token: TokenID) { table.own()[slot] = table[slot] << 32 | UInt64(token) + 1 }

  /// Looks up the text's last tokens.
  mutating func move(_ text: RecentText) {
    var hash: UInt64 = 0
    for distance in 1...length { hash = ContextHash.combined(hash, UInt64(text.last(distance) + 1)) }
    slot = Int(truncatingIfNeeded: hash) & (table.count - 1)
  }
}
