import CharLMData
import CharLMText
import RecurrentNN

/// Predicts the next token from the last few by how often each followed them: the yardstick of language models.
///
/// The estimates of all context lengths are interpolated as by Witten and Bell ("The zero-frequency problem", 1991,
/// method C): where a context h was followed by C tokens of T different kinds, c of them w,
///
///     p(w | h) = (c + T · p(w | h without its first token)) / (C + T)
///
/// down to the context of no tokens and, below it, one chance in V for each token. So each token has a probability above
/// zero, and they sum to one. It needs no second pass and no held-out text, unlike Kneser and Ney's discounts, which for
/// characters gain some hundredths of a bit.
///
///     let ngrams = try NGramModel(tokenizer: corpus.tokenizer, text: corpus.train)
///     print(try ngrams.evaluate(validation).bitsPerByte)
public struct NGramModel: Predictor {
  /// How text becomes tokens.
  public let tokenizer: Tokenizer
  /// The number of tokens that were counted.
  public private(set) var countedTokenCount = 0
  /// Their counts.
  let counts: NGramCounts

  /// So many n-grams are kept at most: enough for some million characters of prose. About 70 MB up to order 5, 280 MB
  /// beyond.
  private static func nodeLimit(order: Int) -> Int { order <= 5 ? 2_000_000 : 8_000_000 }
  private static let chunkSize = 1 << 14

  /// Counts a text.
  /// - Parameters:
  ///   - tokenizer: the one that the text was encoded with.
  ///   - text: the tokens; n-grams do not reach across a document token.
  ///   - order: the longest n-gram: 5 predicts from four tokens, 1 from none, by frequency alone.
  /// - Throws: `TokenFileError` where the tokens lie in a file that cannot be read.
  /// - Complexity: O(text · order).
  public init(tokenizer: Tokenizer, text: TokenText, order: Int = 5) throws(TokenFileError) {
    try self.init(tokenizer: tokenizer, text: text, order: order, nodeLimit: NGramModel.nodeLimit(order: order))
  }

  init(tokenizer: Tokenizer, text: TokenText, order: Int, nodeLimit: Int) throws(TokenFileError) {
    self.tokenizer = tokenizer
    let documentID = tokenizer.vocabulary.documentID
    var counts = NGramCounts(order: order, nodeLimit: nodeLimit)
    var context = NGramContext()
    for start in stride(from: 0, to: text.count, by: NGramModel.chunkSize) {
      for token in try text.tokens(start..<min(start + NGramModel.chunkSize, text.count)) {
        counts.add(token, after: &context)
        if token == documentID { context.restart(after: token, counts) }
      }
    }
    self.counts = counts
    countedTokenCount = text.count
  }

  /// A stream that has read nothing. It may predict before it has read a token.
  public func makeStream(_ options: StreamOptions) -> NGramStream { NGramStream(self) }
}

/// One text on its way through an `NGramModel`.
public struct NGramStream: PredictorStream {
  private let model: NGramModel
  private var context = NGramContext()

  init(_ model: NGramModel) { self.model = model }

  /// Reads a token. The document token begins a new text.
  /// - Precondition: the token is in the vocabulary.
  public mutating func read(_ token: TokenID) {
    if token == model.tokenizer.vocabulary.documentID {
      context.restart(after: token, model.counts)
    } else {
      context.move(on: token, model.counts)
    }
  }

  /// The probability that a token comes next.
  /// - Parameter order: the longest n-gram to use; nil for all that were counted.
  /// - Complexity: O(order).
  public func probability(of token: TokenID, order: Int? = nil) -> Double {
    let counts = model.counts
    var probability = 1 / Double(model.tokenizer.vocabulary.count)
    for number in context.nodes.prefix(order ?? counts.order) {
      let node = counts.nodes[Int(number)]
      guard node.followerCount > 0 else { continue }
      let count = counts.child(of: number, token).map { counts.nodes[Int($0)].count } ?? 0
      probability = node.interpolated(count, probability)
    }
    return probability
  }

  /// Calls `body` with the log-probabilities of what comes next, (V).
  /// - Complexity: O(order · V).
  public func withLogits<Result>(_ body: (Span<Float>) -> Result) -> Result {
    let counts = model.counts
    let vocabularyCount = model.tokenizer.vocabulary.count
    var probabilities = [Double](repeating: 1 / Double(vocabularyCount), count: vocabularyCount)
    for number in context.nodes {
      let node = counts.nodes[Int(number)]
      guard node.followerCount > 0 else { continue }
      for token in probabilities.indices { probabilities[token] = node.interpolated(0, probabilities[token]) }
      var child = node.firstChild
      while child >= 0 {
        let follower = counts.nodes[Int(child)]
        probabilities[Int(follower.token)] += Double(follower.count) / node.weight
        child = follower.nextSibling
      }
    }
    let logits = probabilities.map { Float(logarithm($0)) }
    return body(logits.span)
  }
}

extension NGramCounts.Node {
  /// C + T.
  fileprivate var weight: Double { Double(followerCount) + Double(followerKinds) }

  /// The estimate of this context, given the one of the shorter context.
  fileprivate func interpolated(_ count: Int32, _ shorter: Double) -> Double {
    (Double(count) + Double(followerKinds) * shorter) / weight
  }
}

extension NGramContext {
  /// A new text begins after a document token.
  fileprivate mutating func restart(after token: TokenID, _ counts: NGramCounts) {
    self = NGramContext()
    move(on: token, counts)
  }
}
