import CharLMData
import CharLMText
import RecurrentNN

/// What simple predictors make of a text that a model is evaluated on: what the model's own figure is to be compared with.
///
/// They know the text that the model was trained on. Counting and reading are bounded: of a long text, a part is read.
public struct Yardstick: Hashable, Sendable {
  /// A simple way to predict a token.
  public enum Baseline: String, CaseIterable, Hashable, Sendable {
    /// Every token of the vocabulary is equally likely.
    case uniform
    /// By how frequent each token is.
    case unigram
    /// From the four tokens before, by an `NGramModel`.
    case ngram
  }

  /// The mean of −log₂ p, by the baseline; those that were not measured are missing.
  public private(set) var bitsPerToken: [Baseline: Double] = [:]
  /// Tokens per byte of the text, by which bits per token become bits per byte.
  public let tokensPerByte: Double
  /// The number of tokens that were counted, of the training text's `trainTokenCount`.
  public private(set) var countedTokenCount = 0
  /// The number of tokens of the training text; 0 where it was not at hand.
  public private(set) var trainTokenCount = 0
  /// The number of predictions that were measured.
  public private(set) var measuredTokenCount = 0

  /// −log p of each of these, in nats, by the n-grams; empty unless it was asked for.
  public private(set) var ngramTokenNats: [Float] = []

  /// So many tokens of each text are read unless told otherwise, which takes about a second.
  public static let usualLimit = 1_000_000
  private static let order = 5
  private static let chunkSize = 1 << 14

  /// Measures the baselines on a text that is read once, in order.
  /// - Parameters:
  ///   - text: what the model is evaluated on.
  ///   - training: what it was trained on; nil where that is not at hand: then only guessing evenly is known.
  ///   - tokenizer: the model's.
  ///   - limit: how many tokens of each text are read at most: the last ones of the training text, the first ones of the
  ///     other.
  ///   - keepsTokenNats: whether the cost of each token is kept, 4 bytes a token.
  /// - Throws: `TokenFileError` where tokens lie in a file that cannot be read.
  public init(
    of text: EvaluationText, training: TokenText?, tokenizer: Tokenizer, limit: Int = usualLimit,
    keepsTokenNats: Bool = false
  ) throws(TokenFileError) {
    tokensPerByte = Double(text.tokens.count - 1) / Double(text.predicted.byteCount)
    measuredTokenCount = text.tokens.count - 1
    bitsPerToken[.uniform] = Evaluation.bits(nats: logarithm(Double(tokenizer.vocabulary.count)))
    guard let training, training.count > 0 else { return }
    let part = training[max(0, training.count - limit)..<training.count]
    let ngrams = try NGramModel(tokenizer: tokenizer, text: part, order: Yardstick.order)
    (countedTokenCount, trainTokenCount) = (part.count, training.count)
    let measured = text.tokens[0..<min(text.tokens.count, limit + 1)]
    measuredTokenCount = measured.count - 1
    let nats = try Yardstick.nats(of: measured, ngrams, keepsTokenNats: keepsTokenNats)
    ngramTokenNats = nats.ngramTokens
    bitsPerToken[.unigram] = Evaluation.bits(nats: nats.unigram / Double(measuredTokenCount))
    bitsPerToken[.ngram] = Evaluation.bits(nats: nats.ngram / Double(measuredTokenCount))
  }

  /// The mean of −log₂ p over the bytes of the text.
  public func bitsPerByte(_ baseline: Baseline) -> Double? { bitsPerToken[baseline].map { $0 * tokensPerByte } }

  /// The sums of −log p of all tokens but the first, by frequency alone and by the longest n-grams, whose costs of each
  /// token come, too, where they are asked for.
  private static func nats(
    of text: TokenText, _ ngrams: NGramModel, keepsTokenNats: Bool
  ) throws(TokenFileError) -> (unigram: Double, ngram: Double, ngramTokens: [Float]) {
    var stream = ngrams.makeStream()
    var (unigram, ngram) = (0.0, 0.0)
    var ngramTokens: [Float] = []
    for start in stride(from: 0, to: text.count, by: chunkSize) {
      for (offset, token) in try text.tokens(start..<min(start + chunkSize, text.count)).enumerated() {
        if start + offset > 0 {
          unigram -= logarithm(stream.probability(of: token, order: 1))
          let nats = -logarithm(stream.probability(of: token))
          ngram += nats
          if keepsTokenNats { ngramTokens.append(Float(nats)) }
        }
        stream.read(token)
      }
    }
    return (unigram, ngram, ngramTokens)
  }
}
