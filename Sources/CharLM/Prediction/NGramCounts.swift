import CharLMText
import RecurrentNN

/// How often tokens follow contexts of up to `order` − 1 tokens: a tree whose nodes are n-grams.
///
///     root ── t ── h ── e          the node of "the" has the parent "th" and the token "e"
///
/// A node's count says how often its token followed its parent. The children of a node are a linked list, and a hash
/// table finds one of them. Memory is bounded by the number of nodes: once there are as many as allowed, no more are
/// added, and the counts that exist go on being counted. 28 bytes a node, and 4 to 8 in the table.
struct NGramCounts: Sendable {
  struct Node: Sendable {
    let parent: Int32
    let token: TokenID
    /// How often the token followed the parent's context.
    var count: Int32 = 0
    /// The sum of the children's counts.
    var followerCount: Int32 = 0
    /// The number of children: of different tokens that followed.
    var followerKinds: Int32 = 0
    var firstChild: Int32 = -1
    var nextSibling: Int32 = -1
  }

  /// The longest n-gram that is counted.
  let order: Int
  private let nodeLimit: Int
  private(set) var nodes = [Node(parent: -1, token: -1)]
  /// Open addressing, at most half full; -1 where empty.
  private var slots = [Int32](repeating: -1, count: 1 << 10)

  /// No counts yet.
  /// - Precondition: `order` is at least 1.
  init(order: Int, nodeLimit: Int) {
    require(order >= 1, "n-grams of order \(order)")
    (self.order, self.nodeLimit) = (order, nodeLimit)
  }

  /// Counts a token after a context, and moves the context on. Beyond 2^31 tokens nothing more is counted.
  mutating func add(_ token: TokenID, after context: inout NGramContext) {
    // No count is larger than the root's.
    if nodes[0].followerCount < .max { for node in context.nodes { count(token, after: node) } }
    context.move(on: token, self)
  }

  private mutating func count(_ token: TokenID, after parent: Int32) {
    let child = child(of: parent, token) ?? insert(token, parent)
    guard let child else { return }
    nodes[Int(child)].count += 1
    nodes[Int(parent)].followerCount += 1
  }

  /// The node of a token after a node's context; nil where it was never counted.
  func child(of parent: Int32, _ token: TokenID) -> Int32? {
    var slot = slot(parent, token)
    while slots[slot] >= 0 {
      let node = nodes[Int(slots[slot])]
      if node.parent == parent, node.token == token { return slots[slot] }
      slot = (slot + 1) & (slots.count - 1)
    }
    return nil
  }

  private mutating func insert(_ token: TokenID, _ parent: Int32) -> Int32? {
    guard nodes.count < nodeLimit else { return nil }
    if nodes.count * 2 > slots.count { grow() }
    let number = Int32(nodes.count)
    nodes.append(Node(parent: parent, token: token, nextSibling: nodes[Int(parent)].firstChild))
    nodes[Int(parent)].firstChild = number
    nodes[Int(parent)].followerKinds += 1
    place(number)
    return number
  }

  private mutating func grow() {
    slots = [Int32](repeating: -1, count: slots.count * 2)
    for number in 1..<nodes.count { place(Int32(number)) }
  }

  private mutating func place(_ number: Int32) {
    var slot = slot(nodes[Int(number)].parent, nodes[Int(number)].token)
    while slots[slot] >= 0 { slot = (slot + 1) & (slots.count - 1) }
    slots[slot] = number
  }

  /// Where the search for a node begins: the high bits of a multiplicative hash.
  private func slot(_ parent: Int32, _ token: TokenID) -> Int {
    let key = UInt64(UInt32(bitPattern: parent)) << 32 | UInt64(UInt32(bitPattern: token))
    let mixed = (key ^ key >> 29) &* 0x9E37_79B9_7F4A_7C15
    return Int(truncatingIfNeeded: mixed >> (64 - UInt64(slots.count.trailingZeroBitCount)))
  }
}

/// The nodes of the last tokens read: of none of them, of the last one, of the last two and so on, as far as counted.
struct NGramContext: Sendable {
  /// From the root to the longest context.
  private(set) var nodes: [Int32] = [0]

  /// Takes in a token.
  mutating func move(on token: TokenID, _ counts: NGramCounts) {
    var next: [Int32] = [0]
    next.reserveCapacity(counts.order)
    for node in nodes.prefix(counts.order - 1) {
      // A context that was never followed by this token has no longer ones either.
      guard let child = counts.child(of: node, token) else { break }
      next.append(child)
    }
    nodes = next
  }
}
