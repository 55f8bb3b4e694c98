import CharLMText
import RecurrentNN

/// A sample as it is written, for `for await`: the pieces of a `TextStream`, made as they are asked for.
///
///     for await piece in try model.sampledText(continuing: "Once upon a time", length: 200) {
///       print(piece, terminator: "")
///     }
///
/// Pieces are made away from the actor that asks for them, and other tasks have their turn between two of them. Where the
/// task is cancelled, the sample ends. Each iteration writes the same text from its beginning.
public struct SampledText: AsyncSequence, Sendable {
  /// A piece of text, of whole graphemes.
  public typealias Element = String
  /// A sample does not fail.
  public typealias Failure = Never

  private let makeStream: @Sendable () -> TextStream

  /// A sample; the parameters are those of `TextStream`.
  /// - Precondition: the predictor knows documents where some are asked for.
  public init(
    _ predictor: some Predictor, seed: SampleSeed = SampleSeed(), length: Int, documents: Int? = nil,
    stops: [String] = [], sampling: SamplingSettings = SamplingSettings(), randomSeed: UInt64,
    precision: StreamPrecision = .float32, threadCount: Int = 1
  ) {
    makeStream = {
      TextStream(
        predictor, seed: seed, length: length, documents: documents, stops: stops, sampling: sampling,
        randomSeed: randomSeed, precision: precision, threadCount: threadCount)
    }
  }

  /// An iterator at the beginning of the sample.
  public func makeAsyncIterator() -> AsyncIterator { AsyncIterator(makeStream: makeStream) }

  /// What writes the sample.
  public struct AsyncIterator: AsyncIteratorProtocol {
    private let makeStream: @Sendable () -> TextStream
    /// Made when the first piece is asked for, because it reads the seed.
    private var stream: TextStream?

    fileprivate init(makeStream: @escaping @Sendable () -> TextStream) { self.makeStream = makeStream }

    /// The next piece of text, of whole graphemes; nil at the end, and once the task is cancelled.
    public mutating func next() async -> String? {
      await Task.yield()
      if Task.isCancelled { return nil }
      var stream = self.stream ?? makeStream()
      defer { self.stream = stream }
      return stream.next()
    }
  }
}

extension Predictor {
  /// Continues a text, piece by piece, for `for await`.
  /// - Parameters:
  ///   - seed: the text to continue, which comes out first; without one, a text is begun.
  ///   - length: the number of tokens to draw.
  ///   - stops: texts that end the sample, before the first of them.
  ///   - randomSeed: the same seed gives the same text.
  /// - Throws: `TextError.unknownToken` where the seed has tokens that the vocabulary lacks.
  public func sampledText(
    continuing seed: String = "", length: Int, stops: [String] = [], sampling: SamplingSettings = SamplingSettings(),
    randomSeed: UInt64 = .random(in: .min ... .max)
  ) throws(TextError) -> SampledText {
    SampledText(
      self, seed: try SampleSeed(seed, for: self), length: length, stops: stops, sampling: sampling,
      randomSeed: randomSeed)
  }
}
