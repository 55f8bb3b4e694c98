import CharLMText

/// The contexts of the next token: the last few tokens, the words and the shape that they make, the lines that they stand
/// in, and what followed them before.
struct TextContexts: Sendable {
  /// Last tokens, by their number.
  private static let orders = [1, 2, 3, 4, 5, 6, 7, 9]
  /// How many contexts there are: that of no tokens, those of the last ones, and 13 others.
  static let count = 1 + orders.count + 13
  /// Those that consist of the last tokens alone come first, the shorter before the longer.
  static let orderCount = orders.count

  /// A hash of each context, by its number.
  private(set) var hashes = [UInt64](repeating: 0, count: count)

  private let kinds: TokenKinds
  /// Hashes of the word that is being read, 0 between words, and of the two before it.
  private var words: (current: UInt64, last: UInt64, beforeLast: UInt64) = (0, 0, 0)
  private var lineStart = 0
  private var previousLineStart = 0
  /// Of the present line's first word or sign, with the space before it.
  private var lineBeginning: UInt64 = 0
  private var isBeginningOfLine = true
  /// The kinds of the last eight tokens, three bits each.
  private var shape: UInt64 = 0
  private var followersOfOne: Followers
  private var followersOfTwo: Followers

  init(_ kinds: TokenKinds, _ size: ContextMixerSize) {
    self.kinds = kinds
    followersOfOne = Followers(of: 1, count: size.followerCounts.ofOne)
    followersOfTwo = Followers(of: 2, count: size.followerCounts.ofTwo)
  }

  /// A new text begins.
  mutating func begin(_ text: RecentText) {
    words = (0, 0, 0)
    (lineStart, previousLineStart) = (text.count, text.count)
    (lineBeginning, isBeginningOfLine) = (0, true)
    shape = 0
    update(text)
  }

  /// Learns what follows the present contexts.
  mutating func learn(_ token: TokenID) {
    followersOfOne.learn(token)
    followersOfTwo.learn(token)
  }

  /// Takes in the text's last token.
  mutating func read(_ token: TokenID, _ text: RecentText) {
    let kind = kinds.kinds[Int(token)]
    shape = (shape << 3 | UInt64(kind.rawValue) + 1) & (1 << 24 - 1)
    if kind == .letter {
      words.current = ContextHash.combined(words.current, kinds.folds[Int(token)])
    } else if words.current != 0 {
      words = (0, words.current, words.last)
    }
    if kind == .lineBreak {
      (previousLineStart, lineStart) = (lineStart, text.count)
      (lineBeginning, isBeginningOfLine) = (1, true)
    } else if isBeginningOfLine {
      lineBeginning = ContextHash.combined(lineBeginning, UInt64(token))
      isBeginningOfLine = kind == .space
    }
    update(text)
  }

  private mutating func update(_ text: RecentText) {
    followersOfOne.move(text)
    followersOfTwo.move(text)
    func token(_ distance: Int) -> UInt64 { UInt64(text.last(distance) + 1) }
    hashes[0] = 1
    var hash: UInt64 = 0
    var length = 0
    for (number, order) in TextContexts.orders.enumerated() {
      while length < order {
        length += 1
        hash = ContextHash.combined(hash, token(length))
      }
      hashes[1 + number] = ContextHash.combined(hash, UInt64(order) << 32)
    }
    let twoWords = ContextHash.combined(words.current, words.last)
    let lastTwo = ContextHash.combined(token(1), token(2))
    let above = tokenAbove(text)
    let others = [
      words.current, twoWords, ContextHash.combined(twoWords, words.beforeLast),
      ContextHash.combined(token(2), token(3)),
      ContextHash.combined(ContextHash.combined(token(1), token(3)), token(4)),
      ContextHash.combined(above, token(1)),
      ContextHash.combined(lineBeginning, words.current),
      ContextHash.combined(words.current, words.beforeLast),
      ContextHash.combined(followersOfOne.recent, token(1)),
      ContextHash.combined(followersOfTwo.recent, lastTwo),
      ContextHash.combined(UInt64(min(text.count - lineStart, 255)), above),
      ContextHash.combined(shape, token(1)),
      ContextHash.combined(shape, words.current),
    ]
    for (number, other) in others.enumerated() {
      hashes[1 + TextContexts.orders.count + number] = ContextHash.combined(other, UInt64(100 + number) << 32)
    }
  }

  /// What stood at this place of the line before; 0 where that line was shorter.
  private func tokenAbove(_ text: RecentText) -> UInt64 {
    let position = previousLineStart + text.count - lineStart
    return position < lineStart && text.holds(position) ? UInt64(text[position] + 1) : 0
  }

  /// A number below 512 of the kinds of the last three tokens.
  func recentKinds(_ text: RecentText) -> Int {
    (1...3).reduce(0) { number, distance in
      let token = text.last(distance)
      return number << 3 | (token < 0 ? 7 : kinds.kinds[Int(token)].rawValue)
    }
  }
}
