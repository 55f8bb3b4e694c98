import CharLMText
import RecurrentNN

/// What reads tokens and gives the probabilities of the next one: a language model, an ensemble, or a type of your own.
///
/// Sampling, evaluation and all else that judges a text take any predictor. A predictor is an immutable value that
/// threads may share; what it has read is in its streams. A predictor of your own needs a tokenizer and a stream:
///
///     struct Unigram: Predictor {
///       let tokenizer: Tokenizer
///       let logits: [Float]               // log of each token's frequency
///       func makeStream(_ options: StreamOptions) -> Stream { Stream(logits: logits) }
///
///       struct Stream: PredictorStream {
///         let logits: [Float]
///         mutating func read(_ token: TokenID) {}
///         func withLogits<Result>(_ body: (Span<Float>) -> Result) -> Result { body(logits.span) }
///       }
///     }
public protocol Predictor: Sendable {
  /// What reads one text.
  associatedtype Stream: PredictorStream

  /// How text becomes the tokens that are read and predicted.
  var tokenizer: Tokenizer { get }

  /// The token that a text without a beginning starts from. Default: the document token, else a newline, else token 0.
  var startToken: TokenID { get }

  /// The text that stood between two documents of a file, which a sample writes between two of its own. nil, the default,
  /// where no text did, because each file was a document.
  var documentSeparator: String? { get }

  /// A stream that has read nothing.
  func makeStream(_ options: StreamOptions) -> Stream
}

/// One text on its way through a predictor: a value, so that a copy goes on by itself from where the original stands.
///
/// Copies may share scratch memory and belong to one thread; for another thread make another stream.
public protocol PredictorStream {
  /// Reads a token. The document token begins a new text, in which nothing was read.
  /// - Precondition: the token is in the vocabulary.
  mutating func read(_ token: TokenID)

  /// Calls `body` with the logits of what comes next, one for each token of the vocabulary: log-probabilities up to a
  /// constant that is the same for all, so that probabilities, their softmax, sum to one by construction.
  /// - Precondition: at least one token was read, where the predictor needs one.
  func withLogits<Result>(_ body: (Span<Float>) -> Result) -> Result
}

/// What the streams of a predictor may use.
public struct StreamOptions: Hashable, Sendable {
  /// What a network's weights are kept in. A step is bound by reading them, so that bfloat16, which any CPU widens as it
  /// reads, is nearly twice as fast; it changes probabilities in the third digit.
  public var precision: StreamPrecision
  /// How many threads a step may use. Their number does not change a bit of the result.
  public var threadCount: Int

  /// Options; without arguments, float32 on one thread.
  public init(precision: StreamPrecision = .float32, threadCount: Int = 1) {
    self.precision = precision
    self.threadCount = threadCount
  }
}

extension Predictor {
  /// The document token, else a newline, else token 0.
  public var startToken: TokenID { tokenizer.vocabulary.textStart ?? 0 }

  /// nil: no text separates documents.
  public var documentSeparator: String? { nil }

  /// Whether it was made from separate documents, such as names or poems, and so knows where one ends.
  public var knowsDocuments: Bool { tokenizer.vocabulary.documentID != nil }

  /// What a sample writes where a document ends: the documents' separator. After a file, whose last line ends as all
  /// lines do, a line feed, which leaves a blank line before the next.
  var writtenSeparator: String { documentSeparator ?? "\n" }

  /// A stream that has read nothing, in float32 on one thread.
  public func makeStream() -> Stream { makeStream(StreamOptions()) }
}

extension Vocabulary {
  /// The token that a text begins after: the document token, else a newline.
  var textStart: TokenID? { documentID ?? id(of: [UInt8(ascii: "\n")]) }
}

extension PredictorStream {
  /// log p of every token that may come next, in nats.
  /// - Complexity: O(vocabulary).
  public var logProbabilities: [Float] {
    withLogits { logits in
      let logSum = logits.logSumOfExponentials
      return logits.indices.map { Float(Double(logits[$0]) - logSum) }
    }
  }
}

extension Span where Element == Float {
  /// log Σ exp(x), the largest x taken out first so that nothing overflows.
  package var logSumOfExponentials: Double {
    var largest = -Float.infinity
    for index in indices { largest = max(largest, self[index]) }
    guard largest.isFinite else { return Double(largest) }
    var sum = 0.0
    for index in indices { sum += exponential(Double(self[index]) - Double(largest)) }
    return Double(largest) + logarithm(sum)
  }
}
