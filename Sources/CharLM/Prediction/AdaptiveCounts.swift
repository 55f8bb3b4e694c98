import CharLMData
import CharLMText
import RecurrentNN

/// Predicts the next token by what followed its contexts, and goes on learning as it reads: the last tokens up to nine,
/// words, lines, and long repetitions, weighed against each other by how well they did so far.
///
/// Counts that adapt forget nothing and know a text's own words after one occurrence, which is where a network is weak. A
/// network knows what counts never saw. `Mixture` is both.
///
///     let counts = try AdaptiveCounts(tokenizer: corpus.tokenizer, priming: corpus.train)
///     print(try counts.evaluate(validation).bitsPerByte)
///
/// Probabilities sum to one by construction: a token is a way through a binary tree, and its probability the product of
/// the choices on it. Memory is bounded, about 280 bytes a token of the text and at most some 330 MB, and 640 bytes a token
/// of the vocabulary; `memorySize` says how much.
public struct AdaptiveCounts: Predictor {
  /// How text becomes tokens.
  public let tokenizer: Tokenizer
  /// The number of tokens that it was primed with.
  public let primedTokenCount: Int
  /// How much memory its statistics take, in bytes, and those of each stream that learns.
  public let memorySize: Int
  let mixer: ContextMixer

  /// So many tokens are learned beforehand at most, the last ones: about two minutes' work.
  public static let longestPriming = 8 << 20

  /// Counts that know nothing but the vocabulary.
  /// - Parameter expectedCount: about how many tokens are to be read, for the size of the memory.
  public init(tokenizer: Tokenizer, expectedCount: Int = 1 << 20) {
    let weights = [Double](repeating: 1, count: tokenizer.vocabulary.count)
    self.init(tokenizer, primed: 0, AdaptiveCounts.mixer(tokenizer, weights, tokenCount: expectedCount))
  }

  /// Counts that have read a text, at most the last `longestPriming` tokens of it.
  /// - Parameter expectedCount: about how many tokens are to be read beside, for the size of the memory.
  /// - Throws: `TokenFileError` where the tokens lie in a file that cannot be read.
  /// - Complexity: O(text), some 70,000 tokens a second.
  public init(
    tokenizer: Tokenizer, priming text: TokenText, expectedCount: Int = 0
  ) throws(TokenFileError) {
    let part = text[max(0, text.count - AdaptiveCounts.longestPriming)..<text.count]
    // Every token can be read, also those that the text lacks.
    var weights = [Double](repeating: 0.5, count: tokenizer.vocabulary.count)
    try part.forEachToken { weights[Int($0)] += 1 }
    let mixer = AdaptiveCounts.mixer(tokenizer, weights, tokenCount: part.count + expectedCount)
    var stream = AdaptiveCountsStream(mixer, documentID: tokenizer.vocabulary.documentID)
    try part.forEachToken { stream.read($0) }
    self.init(tokenizer, primed: part.count, stream.mixer)
  }

  private init(_ tokenizer: Tokenizer, primed: Int, _ mixer: ContextMixer) {
    (self.tokenizer, primedTokenCount, self.mixer) = (tokenizer, primed, mixer)
    memorySize = mixer.memorySize
  }

  private static func mixer(_ tokenizer: Tokenizer, _ weights: [Double], tokenCount: Int) -> ContextMixer {
    ContextMixer(
      tree: TokenTree(weights: weights), kinds: TokenKinds(tokenizer.vocabulary),
      size: ContextMixerSize(tokenCount: tokenCount))
  }

  /// A stream that has read nothing of its text, and learns from it. It may predict before it has read a token.
  public func makeStream(_ options: StreamOptions) -> AdaptiveCountsStream {
    var mixer = mixer
    mixer.beginText()
    return AdaptiveCountsStream(mixer, documentID: tokenizer.vocabulary.documentID)
  }
}

/// One text on its way through `AdaptiveCounts`, which learn from it. A copy learns by itself: its memory is copied when
/// one of the two reads on.
public struct AdaptiveCountsStream: PredictorStream {
  fileprivate(set) var mixer: ContextMixer
  /// Memory for the choices on the way to a token.
  private var choices: [ContextMixer.Choice] = []
  private var sides: [UInt8] = []
  private var lookup = ContextMixer.Lookup()
  private let documentID: TokenID?

  init(_ mixer: ContextMixer, documentID: TokenID?) {
    self.mixer = mixer
    self.documentID = documentID
  }

  /// Learns a token and reads it. The document token ends a text; contexts do not reach across it.
  /// - Precondition: the token is in the vocabulary.
  public mutating func read(_ token: TokenID) { _ = nats(reading: token) }

  /// Reads a token.
  /// - Returns: −log p of the token, in nats, before it was learned.
  /// - Complexity: O(choices on the token's way · contexts), a fraction of what all logits take.
  public mutating func nats(reading token: TokenID) -> Double { nats(reading: token) { _ in nil } }

  /// The same, with what another predictor says; nil for nothing.
  mutating func nats(reading token: TokenID, outside: TreeMasses?) -> Double {
    nats(reading: token) { outside?.stretched(Int($0.node)) }
  }

  /// The same, where another predictor has said of each choice on the token's way, from the root on.
  mutating func nats(reading token: TokenID, outside: View<Float>) -> Double {
    var next = 0
    return nats(reading: token) { _ in
      defer { next += 1 }
      return outside[next]
    }
  }

  /// The same, where another predictor says of each choice on the token's way how likely its second side is, as
  /// log p / (1 − p).
  mutating func nats(reading token: TokenID, outside: (TokenTree.Step) -> Float?) -> Double {
    var nats = 0.0
    let way = mixer.tree.way(to: token)
    _ = walk(outside: { depth, _ in outside(way[way.startIndex + depth]) }) { depth, probability in
      let bit = way[way.startIndex + depth].bit
      nats -= logarithm(Double(bit == 1 ? probability : 1 - probability))
      return bit
    }
    return nats
  }

  /// Goes from the root of the tree to a token, learns the way, and reads the token.
  /// - Parameters:
  ///   - outside: what another predictor says of a choice, given its number on the way and its node: log p / (1 − p) of
  ///     the second side; nil for nothing.
  ///   - choose: the side that is taken at a choice, given its number on the way and how likely the second side is.
  /// - Returns: the token.
  /// - Complexity: O(choices on the token's way · contexts).
  mutating func walk(
    outside: (_ depth: Int, _ node: Int) -> Float?, choose: (_ depth: Int, _ probabilityOfOne: Float) -> UInt8
  ) -> TokenID {
    lookup.forget()
    var child: TokenTree.Child = mixer.tree.nodeCount > 0 ? 0 : ~0
    var depth = 0
    while child >= 0 {
      if depth == choices.count {
        choices.append(mixer.makeChoice())
        sides.append(0)
      }
      mixer.predict(node: Int(child), outside: outside(depth, Int(child)), &lookup, &choices[depth])
      sides[depth] = choose(depth, choices[depth].probability)
      let children = mixer.tree.children[Int(child)]
      child = sides[depth] == 1 ? children.1 : children.0
      depth += 1
    }
    for depth in 0..<depth { mixer.learn(sides[depth], &choices[depth]) }
    advance(~child, isLearning: true)
    return ~child
  }

  /// Reads a token without learning what followed the contexts before it.
  mutating func follow(_ token: TokenID) { advance(token, isLearning: false) }

  private mutating func advance(_ token: TokenID, isLearning: Bool) {
    mixer.read(token, isLearning: isLearning)
    if token == documentID { mixer.beginText() }
  }

  /// Calls `body` with the log-probabilities of what comes next, (V).
  /// - Complexity: O(V · contexts).
  public func withLogits<Result>(_ body: (Span<Float>) -> Result) -> Result { withLogits(outside: nil, body) }

  func withLogits<Result>(outside: TreeMasses?, _ body: (Span<Float>) -> Result) -> Result {
    let logits = logProbabilities(outside: outside).map { Float($0) }
    return body(logits.span)
  }

  /// log p of every token, in nats.
  func logProbabilities(outside: TreeMasses?) -> [Double] {
    let tree = mixer.tree
    var (lookup, choice) = (ContextMixer.Lookup(), mixer.makeChoice())
    var nodes = [Double](repeating: 0, count: tree.nodeCount)
    var tokens = [Double](repeating: 0, count: tree.tokenCount)
    for node in 0..<tree.nodeCount {
      mixer.predict(node: node, outside: outside?.stretched(node), &lookup, &choice)
      let (first, second) = tree.children[node]
      for (child, bit) in [(first, UInt8(0)), (second, 1)] {
        let sum = nodes[node] + logarithm(Double(choice.probability(of: bit)))
        if child < 0 { tokens[Int(~child)] = sum } else { nodes[Int(child)] = sum }
      }
    }
    return tokens
  }
}

extension TokenText {
  /// Calls `body` with every token, read in pieces.
  func forEachToken(_ body: (TokenID) -> Void) throws(TokenFileError) {
    let size = 1 << 14
    for start in stride(from: 0, to: count, by: size) {
      for token in try tokens(start..<min(start + size, count)) { body(token) }
    }
  }
}
