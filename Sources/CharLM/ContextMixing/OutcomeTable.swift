/// How often a one followed a history, by the kind of context, and how often a match of a length was right: probabilities
/// that are means at first and move more slowly the more they have seen.
struct OutcomeTable: Sendable {
  private struct Outcome: BitwiseCopyable, Sendable {
    var probability: Float
    var count: Float = 0

    @inline(__always)
    mutating func learn(_ isOne: Bool, limit: Float) {
      count = min(count + 1, limit)
      probability += ((isOne ? 1 : 0) - probability) / (count + 1.5)
    }
  }

  private var histories: ValueBuffer<Outcome>  // (context, history)
  private var matches: ValueBuffer<Outcome>  // (match, step)

  private static let historyLimit: Float = 1023
  private static let matchLimit: Float = 500

  init(_ states: BitHistories, contextCount: Int, matchCount: Int) {
    let first = (0..<256).map { number in
      guard number < states.states.count else { return Outcome(probability: 0.5) }
      let state = states.states[number]
      return Outcome(probability: (Float(state.ones) + 0.4) / (Float(state.zeros + state.ones) + 0.8))
    }
    histories = ValueBuffer(Array(repeatElement(first, count: contextCount).joined()))
    let steps = (0..<TokenMatches.stepCount).map { Outcome(probability: 1 - 0.5 / (Float($0) + 1.5)) }
    matches = ValueBuffer(Array(repeatElement(steps, count: matchCount).joined()))
  }

  @inline(__always)
  func probability(context: Int, history: Int) -> Float { histories[context << 8 | history].probability }

  @inline(__always)
  func probability(match: Int, step: Int) -> Float { matches[match * TokenMatches.stepCount + step].probability }

  @inline(__always)
  mutating func learn(_ isOne: Bool, context: Int, history: Int) {
    histories.own()[context << 8 | history].learn(isOne, limit: OutcomeTable.historyLimit)
  }

  @inline(__always)
  mutating func learn(_ isRight: Bool, match: Int, step: Int) {
    matches.own()[match * TokenMatches.stepCount + step].learn(isRight, limit: OutcomeTable.matchLimit)
  }
}
