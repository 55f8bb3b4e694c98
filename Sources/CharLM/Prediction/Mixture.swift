import CharLMText
import RecurrentNN

/// A network, or another predictor, and counts that adapt, together: each choice between two on the way to a token has
/// one probability more to weigh, the predictor's.
///
/// The weights are learned online and depend on the context: where counts have seen much they speak, elsewhere the
/// predictor. Probabilities sum to one by construction, whatever the weights are.
///
///     let mixture = Mixture(model, try AdaptiveCounts(tokenizer: model.tokenizer, priming: corpus.train))
///     print(try mixture.sample("Once upon a time", length: 200))
public struct Mixture<Base: Predictor>: Predictor {
  /// What the counts are mixed with.
  public let base: Base
  /// The counts, as they are before a text.
  public let counts: AdaptiveCounts
  /// Whether streams learn from what they read.
  public let isLearning: Bool

  /// A mixture.
  /// - Parameter isLearning: false for counts that stay as they were primed, which all streams then share: what is
  ///   written is not evidence of what is written in the world.
  /// - Precondition: both have the same vocabulary.
  public init(_ base: Base, _ counts: AdaptiveCounts, isLearning: Bool = true) {
    require(
      base.tokenizer.vocabulary == counts.tokenizer.vocabulary, "a mixture of predictors with different vocabularies")
    (self.base, self.counts, self.isLearning) = (base, counts, isLearning)
  }

  /// How text becomes tokens.
  public var tokenizer: Tokenizer { base.tokenizer }
  /// The token that a text without a beginning starts from: the base's.
  public var startToken: TokenID { base.startToken }
  /// The text between two documents: the base's.
  public var documentSeparator: String? { base.documentSeparator }

  /// A stream that has read nothing of its text.
  public func makeStream(_ options: StreamOptions) -> MixtureStream<Base.Stream> {
    MixtureStream(base.makeStream(options), counts.makeStream(options), isLearning: isLearning)
  }
}

/// One text on its way through a mixture.
public struct MixtureStream<Base: PredictorStream>: PredictorStream {
  private var base: Base
  private var counts: AdaptiveCountsStream
  private let isLearning: Bool
  /// What the base says of what comes next; nil before it has read.
  private var outside: TreeMasses?

  init(_ base: Base, _ counts: AdaptiveCountsStream, isLearning: Bool) {
    (self.base, self.counts, self.isLearning) = (base, counts, isLearning)
  }

  /// Reads a token, and learns from it if it learns at all. The document token begins a new text.
  /// - Precondition: the token is in the vocabulary.
  public mutating func read(_ token: TokenID) {
    if isLearning {
      _ = counts.nats(reading: token, outside: outside)
    } else {
      counts.follow(token)
    }
    readBase(token)
  }

  /// Goes from the root of the counts' tree to a token, learns the way, and reads the token, as `AdaptiveCountsStream`
  /// does.
  mutating func walk(choose: (_ depth: Int, _ probabilityOfOne: Float) -> UInt8) -> TokenID {
    // Taken out, so that nobody else holds it where it is set again.
    var masses = outside.take()
    let token = counts.walk(outside: { masses?.stretched($1) }, choose: choose)
    outside = masses.take()
    readBase(token)
    return token
  }

  /// Lets the base read the token that a text begins after, which is not part of the text: the counts know nothing of it.
  mutating func begin(after start: TokenID) { readBase(start) }

  private mutating func readBase(_ token: TokenID) {
    base.read(token)
    var masses = outside.take() ?? TreeMasses(counts.mixer.tree)
    base.withLogits { masses.set($0) }
    outside = masses
  }

  /// Calls `body` with the log-probabilities of what comes next, (V).
  /// - Complexity: O(V · contexts).
  public func withLogits<Result>(_ body: (Span<Float>) -> Result) -> Result {
    counts.withLogits(outside: outside, body)
  }
}
