import CharLMText
import RecurrentNN

/// Makes a token less likely that would make a repetition longer, the longer the more (DRY, by p-e-w, 2024): where the
/// last n tokens stand earlier in the text, and n is at least `length`, the logit of the token that followed there is
/// lowered by strength · growth^(n − length).
///
/// The usual length is for characters: shorter repetitions are words. It looks back over 2,048 tokens; a line break, where
/// it is a token, ends a repetition, so that refrains of several lines cost no more than one of them.
public struct DontRepeatYourself: SamplingFilter {
  /// What a repetition of `length` costs, in nats.
  public let strength: Float
  /// The shortest repetition that counts, in tokens.
  public let length: Int
  /// By how much the cost grows with each token.
  public let growth: Float
  private let breakers: Set<TokenID>
  private var recent: [TokenID] = []
  /// For each of `recent`, how many tokens up to it are those at the end of the text.
  private var matchLengths: [Int] = []

  private static let window = 2048
  /// No cost grows beyond that of so many tokens.
  private static let longest = 50

  /// - Parameter breakers: tokens that no repetition reaches across.
  /// - Precondition: the strength is 0 or more, the length at least 1, the growth at least 1.
  public init(_ strength: Float, length: Int = 16, growth: Float = 1.15, breakers: Set<TokenID> = []) {
    require(
      strength >= 0 && length >= 1 && growth >= 1,
      "a DRY of \(strength) from a length of \(length) with a growth of \(growth)")
    (self.strength, self.length, self.growth, self.breakers) = (strength, length, growth, breakers)
  }

  /// A filter whose breakers are the line break and the document token of a vocabulary.
  public init(_ strength: Float, _ vocabulary: Vocabulary) {
    let lineBreaks = [Array("\n".utf8), Array("\r\n".utf8)].compactMap { vocabulary.id(of: $0) }
    self.init(strength, breakers: Set(lineBreaks + [vocabulary.documentID].compactMap(\.self)))
  }

  /// Appends the token to the text that is looked back over.
  /// - Complexity: O(2,048).
  public mutating func note(_ token: TokenID) {
    if recent.count == 2 * DontRepeatYourself.window {
      recent.removeFirst(DontRepeatYourself.window)
      matchLengths.removeFirst(DontRepeatYourself.window)
    }
    let isBreaker = breakers.contains(token)
    // From the end, because each length grows from the one before it.
    for index in recent.indices.reversed() {
      let isMatch = !isBreaker && recent[index] == token
      matchLengths[index] = isMatch ? (index > 0 ? matchLengths[index - 1] : 0) + 1 : 0
    }
    recent.append(token)
    matchLengths.append(0)
  }

  /// Lowers the logits of what would make repetitions longer.
  public func apply(to logits: inout MutableSpan<Float>) {
    var longest: [TokenID: Int] = [:]
    for index in recent.indices.dropLast().suffix(DontRepeatYourself.window) where matchLengths[index] >= length {
      let next = recent[index + 1]
      guard !breakers.contains(next) else { continue }
      longest[next] = max(longest[next] ?? 0, matchLengths[index])
    }
    for (token, matchLength) in longest {
      var cost = strength
      for _ in 0..<min(matchLength - length, DontRepeatYourself.longest) { cost *= growth }
      logits[Int(token)] -= cost
    }
  }
}
