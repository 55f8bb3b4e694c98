import CharLMText

/// Where the last tokens stood before, and so what followed them there: of several lengths, each the last such place.
struct TokenMatches: Sendable {
  /// The least numbers of tokens that a place must share with the present, the longest first.
  static let lengths = [24, 12, 6]
  /// Lengths of matches are told apart in so many steps.
  static let stepCount = 64

  /// For each length: the place after the match, and how many tokens it has; 0 for none.
  private(set) var places = [Int](repeating: 0, count: lengths.count)
  private(set) var matched = [Int](repeating: 0, count: lengths.count)
  /// For each length: by a hash of the last tokens, the place after them.
  private var heads: [ValueBuffer<Int32>]

  private static let longestCompared = 400

  /// - Parameter headCount: a power of two.
  init(headCount: Int) {
    heads = TokenMatches.lengths.map { _ in ValueBuffer(count: headCount) }
  }

  /// A new text begins.
  mutating func begin() { for number in matched.indices { matched[number] = 0 } }

  /// Takes in the text's last token.
  mutating func read(_ token: TokenID, _ text: RecentText) {
    let hashes = hashes(text)
    for number in TokenMatches.lengths.indices {
      if matched[number] > 0, text.holds(places[number]), text[places[number]] == token {
        matched[number] += 1
        places[number] += 1
      } else {
        matched[number] = 0
      }
      if text.count - text.start >= TokenMatches.lengths[number] {
        find(number, hashes[number], text)
      }
    }
  }

  /// For each length: of the last tokens, from the last one on, so that the shorter ones are on the way to the longest.
  private func hashes(_ text: RecentText) -> [UInt64] {
    var hashes = [UInt64](repeating: 0, count: TokenMatches.lengths.count)
    var (hash, distance): (UInt64, Int) = (0, 0)
    for (number, length) in TokenMatches.lengths.enumerated().reversed() {
      while distance < length {
        distance += 1
        hash = ContextHash.combined(hash, UInt64(text.last(distance) + 1))
      }
      hashes[number] = hash
    }
    return hashes
  }

  private mutating func find(_ number: Int, _ hash: UInt64, _ text: RecentText) {
    let length = TokenMatches.lengths[number]
    let slot = Int(truncatingIfNeeded: hash) & (heads[number].count - 1)
    if matched[number] == 0 {
      let place = Int(heads[number][slot])
      let common = place > 0 ? commonLength(text, before: place) : 0
      if common >= length { (places[number], matched[number]) = (place, common) }
    }
    heads[number].own()[slot] = Int32(truncatingIfNeeded: text.count)
  }

  /// How many tokens before a place are those before the present one.
  private func commonLength(_ text: RecentText, before place: Int) -> Int {
    var length = 0
    while length < TokenMatches.longestCompared, text.holds(place - 1 - length), text.last(1 + length) >= 0,
      text[place - 1 - length] == text.last(1 + length)
    {
      length += 1
    }
    return length
  }

  /// The token that followed there; nil without a match.
  @inline(__always)
  func expected(_ number: Int, _ text: RecentText) -> TokenID? {
    matched[number] > 0 && text.holds(places[number]) ? text[places[number]] : nil
  }

  /// The step of a match's length, below `stepCount`.
  @inline(__always)
  func step(_ number: Int) -> Int {
    let length = matched[number]
    return length < 32 ? length : min(32 + (length - 32) / 12, TokenMatches.stepCount - 1)
  }
}
