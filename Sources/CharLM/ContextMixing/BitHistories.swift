/// What happened at one place so far, in a byte: how many zeros and ones, the rarer ones soon forgotten, and in which
/// order the last came.
///
/// A state is no probability: what follows it is learned, for each kind of context by itself, by counting what followed
/// it wherever it was met (indirect modelling, as in Mahoney's PAQ). So after 'once, and never anything else' an order-6
/// context may be sure where an order-1 context is not.
///
/// When a bit contradicts what was seen, the count of the other is cut to a few, so that states tell of the present.
struct BitHistories: Sendable {
  struct State: Hashable, Sendable {
    var zeros = 0
    var ones = 0
    /// The last bits, the last one lowest: of four or fewer all, as far as they are known, else the last one.
    var recent = 0
    var recentCount = 0
  }

  /// State number 0 has seen nothing.
  private(set) var states = [State()]
  /// After a zero, and after a one.
  private(set) var successors: [(UInt8, UInt8)] = []

  /// So many of one bit are told apart beside 0, 1, 2 … of the other.
  private static let limits = [40, 24, 12, 8, 6, 5, 4, 4, 4]
  /// What remains of a count when it is contradicted.
  private static let remains = [0, 1, 2, 2, 3, 3, 4, 4, 4, 5, 5, 5, 5, 5, 5, 6, 6]

  init() {
    var numbers = [State(): UInt8(0)]
    var next = 0
    while next < states.count {
      let found = (0...1).map { bit in
        let state = BitHistories.successor(of: states[next], bit)
        if let number = numbers[state] { return number }
        let number = UInt8(states.count)  // stops where there are more than a byte can number
        numbers[state] = number
        states.append(state)
        return number
      }
      successors.append((found[0], found[1]))
      next += 1
    }
  }

  private static func limit(beside count: Int) -> Int { limits[min(count, limits.count - 1)] }

  private static func successor(of state: State, _ bit: Int) -> State {
    let (former, contradicted) = bit == 1 ? (state.ones, state.zeros) : (state.zeros, state.ones)
    var other = remains[min(contradicted, remains.count - 1)]
    let same = min(former + 1, limit(beside: other))
    other = min(other, limit(beside: same))
    let total = same + other
    let recentCount = min(total <= 4 ? total : 1, state.recentCount + 1)
    return State(
      zeros: bit == 1 ? other : same, ones: bit == 1 ? same : other,
      recent: (state.recent << 1 | bit) & (1 << recentCount - 1), recentCount: recentCount)
  }
}
