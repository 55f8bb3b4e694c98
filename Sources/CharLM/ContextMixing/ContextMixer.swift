import CharLMText

/// Predicts text by what followed its contexts so far, and learns as it reads.
///
///     token → way through the TokenTree → choices between two
///     a choice: contexts → histories → opinions ┐
///               matches              → opinions ├ LogisticMixer → Refinement → probability
///               another predictor    → opinion  ┘
///
/// The recipe is that of the strongest compressors by counts (Mahoney's lpaq and paq8), on tokens instead of bytes: the
/// statistics of each context and node say how likely either side is, and a small network, trained online, weighs them.
/// Probabilities of tokens are products of choices along the tree, so that they sum to one whatever the parts do. A choice
/// is predicted without a change to the mixer; only `learn` and `read` change it.
///
/// Everything lies in arrays of fixed size (`ContextMixerSize`): a copy costs nothing until one of the two learns.
struct ContextMixer: Sendable {
  let tree: TokenTree
  private let size: ContextMixerSize
  private let histories = BitHistories()
  private let stretch = StretchTable()
  private var text: RecentText
  private var contexts: TextContexts
  private var matches: TokenMatches
  private var table: HistoryTable
  /// By context and history, and by match and its length: how likely a one is, or that the match is right.
  private var outcomes: OutcomeTable
  private var mixer: LogisticMixer
  private var refinements: [Refinement]

  private static let matchCount = TokenMatches.lengths.count
  private static let inputsOfContext = 3
  private static let inputsOfMatch = 2
  private static let matchInput = TextContexts.count * inputsOfContext
  private static let outsideInput = matchInput + matchCount * inputsOfMatch
  private static let inputCount = outsideInput + 2

  /// A choice that was predicted.
  struct Choice: Sendable {
    fileprivate(set) var node = 0
    /// That the second side is taken, between 1e-6 and 1 − 1e-6.
    fileprivate(set) var probability: Float = 0.5
    fileprivate var words: [HistoryWord]
    fileprivate var refinementContexts: (UInt64, UInt64) = (0, 0)
    /// For each match: the side that it expects; −1 without an opinion.
    fileprivate var expectations: [Int]
    fileprivate var mix: LogisticMixer.Mix
    fileprivate var points: [Int]

    /// The probability of a side.
    func probability(of bit: UInt8) -> Float { bit == 1 ? probability : 1 - probability }
  }

  /// Where the statistics of a group of nodes lie, found once for the choices of the group. To be forgotten at each
  /// new place of the text.
  struct Lookup: Sendable {
    /// The group; −1 for none.
    fileprivate var group: Int32 = -1
    /// Where each context's entry begins; −1 where it has none.
    fileprivate var entries = [Int](repeating: -1, count: TextContexts.count)

    /// For another place of the text.
    mutating func forget() { group = -1 }
  }

  /// A mixer that has read nothing.
  init(tree: TokenTree, kinds: TokenKinds, size: ContextMixerSize) {
    (self.tree, self.size) = (tree, size)
    text = RecentText(capacity: size.recentCount)
    contexts = TextContexts(kinds, size)
    matches = TokenMatches(headCount: size.recentCount)
    table = HistoryTable(entryCount: size.entryCount)
    outcomes = OutcomeTable(histories, contextCount: TextContexts.count, matchCount: ContextMixer.matchCount)
    mixer = LogisticMixer(
      initial: ContextMixer.initialWeights,
      situationCounts: [
        max(tree.nodeCount, 1), 2 * TokenMatches.stepCount + 1, TextContexts.orderCount + 1, tree.tokenCount + 1, 512,
        4096,
      ], finalSituationCount: TextContexts.orderCount + 1)
    refinements = Array(repeating: Refinement(contextCount: size.refinementCount), count: 2)
    contexts.begin(text)
  }

  /// Bytes of its tables and weights.
  var memorySize: Int { size.byteCount + mixer.byteCount }

  private static var initialWeights: [Float] {
    var weights = [Float](repeating: 0, count: inputCount)
    for context in 0..<TextContexts.count {
      weights[context * inputsOfContext] = 0.1
      weights[context * inputsOfContext + 1] = 0.05
    }
    for match in 0..<matchCount { weights[matchInput + match * inputsOfMatch] = 0.3 }
    weights[outsideInput] = 0.4
    return weights
  }

  /// Memory for a choice.
  func makeChoice() -> Choice {
    Choice(
      words: Array(repeating: .empty, count: TextContexts.count),
      expectations: Array(repeating: -1, count: ContextMixer.matchCount), mix: mixer.makeMix(),
      points: Array(repeating: 0, count: refinements.count))
  }

  /// A new text begins, whose contexts do not reach back; what was learned stays.
  mutating func beginText() {
    text.begin()
    matches.begin()
    contexts.begin(text)
  }

  /// Moves the contexts on; what followed them is learned choice by choice before.
  /// - Parameter isLearning: false where nothing is learned.
  mutating func read(_ token: TokenID, isLearning: Bool = true) {
    if isLearning { contexts.learn(token) }
    text.append(token)
    matches.read(token, text)
    contexts.read(token, text)
  }
}

// MARK: Prediction

extension ContextMixer {
  /// Predicts a choice.
  /// - Parameter outside: what another predictor says of it, as log p / (1 − p) of the second side; nil for nothing.
  func predict(node: Int, outside: Float?, _ lookup: inout Lookup, _ choice: inout Choice) {
    choice.node = node
    prefetchRefinements(&choice)
    if lookup.group != tree.groups[node] {
      lookup.group = tree.groups[node]
      // All at once, for each of them may have to come from memory.
      for context in 0..<TextContexts.count { table.prefetch(hash(context, lookup.group)) }
      for context in 0..<TextContexts.count { lookup.entries[context] = table.find(hash(context, lookup.group)) ?? -1 }
    }
    let longest = addContexts(lookup, &choice)
    let match = addMatches(&choice)
    choice.mix.inputs[ContextMixer.outsideInput] = outside ?? 0
    choice.mix.inputs[ContextMixer.outsideInput + 1] = 0.3
    choice.mix.situations[0] = node
    choice.mix.situations[1] = match
    choice.mix.situations[2] = longest
    choice.mix.situations[3] = Int(text.last(1)) + 1
    choice.mix.situations[4] = contexts.recentKinds(text)
    choice.mix.situations[5] = min(node, 255) << 4 | longest
    choice.mix.finalSituation = longest
    mixer.mix(&choice.mix)
    choice.probability = refined(&choice)
  }

  @inline(__always)
  private func hash(_ context: Int, _ group: Int32) -> UInt64 {
    ContextHash.combined(contexts.hashes[context], UInt64(truncatingIfNeeded: group))
  }

  /// The inputs of the contexts.
  /// - Returns: the longest order that knows the choice.
  @inline(__always)
  private func addContexts(_ lookup: Lookup, _ choice: inout Choice) -> Int {
    let place = Int(tree.places[choice.node])
    var longest = 0
    for context in 0..<TextContexts.count {
      let entry = lookup.entries[context]
      let word = entry < 0 ? .empty : table[entry, place]
      choice.words[context] = word
      let input = context * ContextMixer.inputsOfContext
      guard !word.isEmpty else {
        for offset in 0..<ContextMixer.inputsOfContext { choice.mix.inputs[input + offset] = 0 }
        continue
      }
      let outcome = outcomes.probability(context: context, history: word.history)
      choice.mix.inputs[input] = stretch[outcome]
      choice.mix.inputs[input + 1] = stretch[word.probability]
      choice.mix.inputs[input + 2] = 2 * (outcome - 0.5)
      if context <= TextContexts.orderCount { longest = context }
    }
    return longest
  }

  /// The inputs of the matches.
  /// - Returns: the longest match's length and the side that it expects, as a situation.
  @inline(__always)
  private func addMatches(_ choice: inout Choice) -> Int {
    var situation = 2 * TokenMatches.stepCount
    for match in (0..<ContextMixer.matchCount).reversed() {
      let input = ContextMixer.matchInput + match * ContextMixer.inputsOfMatch
      guard let token = matches.expected(match, text), let side = tree.side(of: token, at: choice.node) else {
        choice.expectations[match] = -1
        (choice.mix.inputs[input], choice.mix.inputs[input + 1]) = (0, 0)
        continue
      }
      let step = matches.step(match)
      let isRight = outcomes.probability(match: match, step: step)
      let sign: Float = side == 1 ? 1 : -1
      choice.expectations[match] = side
      choice.mix.inputs[input] = sign * stretch[isRight]
      choice.mix.inputs[input + 1] = sign * 2 * (isRight - 0.5)
      situation = 2 * step + side
    }
    return situation
  }

  @inline(__always)
  private func prefetchRefinements(_ choice: inout Choice) {
    let last = ContextHash.combined(UInt64(choice.node), UInt64(text.last(1) + 1))
    let lastTwo = ContextHash.combined(last, UInt64(text.last(2) + 1))
    choice.refinementContexts = (last >> 7, lastTwo >> 7)
    refinements[0].prefetch(context: choice.refinementContexts.0)
    refinements[1].prefetch(context: choice.refinementContexts.1)
  }

  @inline(__always)
  private func refined(_ choice: inout Choice) -> Float {
    let first = refinements[0].refined(choice.mix.stretched, context: choice.refinementContexts.0)
    let second = refinements[1].refined(choice.mix.stretched, context: choice.refinementContexts.1)
    choice.points[0] = first.point
    choice.points[1] = second.point
    let probability = 0.3 * choice.mix.probability + 0.35 * (first.probability + second.probability)
    return min(max(probability, 1e-6), 1 - 1e-6)
  }
}

// MARK: Learning

extension ContextMixer {
  /// Learns how a choice turned out. All choices of a token are predicted before the first is learned: what a token costs
  /// is then what the distribution over all tokens says.
  /// - Parameter choice: as it was predicted; it does not change, but need not be copied either.
  mutating func learn(_ bit: UInt8, _ choice: inout Choice) {
    let bit = Int(bit)
    mixer.learn(bit, choice.mix)
    for number in refinements.indices { refinements[number].learn(bit, point: choice.points[number]) }
    for match in 0..<ContextMixer.matchCount where choice.expectations[match] >= 0 {
      outcomes.learn(choice.expectations[match] == bit, match: match, step: matches.step(match))
    }
    let (group, place) = (tree.groups[choice.node], Int(tree.places[choice.node]))
    for context in 0..<TextContexts.count {
      let hash = hash(context, group)
      let entry = table.find(hash) ?? table.insert(hash)
      let word = choice.words[context]
      if !word.isEmpty { outcomes.learn(bit == 1, context: context, history: word.history) }
      let successors = histories.successors[word.history]
      table[entry, place] = word.after(bit, history: bit == 1 ? successors.1 : successors.0)
    }
  }
}
