import CharLMText

/// The last tokens read, as many as there is room for: a ring.
struct RecentText: Sendable {
  private var tokens: [TokenID]
  private let mask: Int
  /// The number of tokens read.
  private(set) var count = 0
  /// Where the present text begins: nothing before it is context.
  private(set) var start = 0

  /// - Parameter capacity: a power of two.
  init(capacity: Int) {
    precondition(capacity & (capacity - 1) == 0, "a ring of \(capacity) tokens")
    tokens = Array(repeating: -1, count: capacity)
    mask = capacity - 1
  }

  mutating func append(_ token: TokenID) {
    tokens[count & mask] = token
    count += 1
  }

  /// Begins a new text.
  mutating func begin() { start = count }

  /// The token at a position, which must be among the last ones.
  @inline(__always)
  subscript(position: Int) -> TokenID { tokens[position & mask] }

  /// The token so many before the next, 1 for the last one; −1 before the beginning.
  @inline(__always)
  func last(_ distance: Int) -> TokenID { count - distance >= start ? tokens[(count - distance) & mask] : -1 }

  /// Whether the token at a position is still there.
  @inline(__always)
  func holds(_ position: Int) -> Bool { position >= 0 && position < count && count - position <= mask + 1 }
}
