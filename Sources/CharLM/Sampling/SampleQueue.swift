import CharLMText
import RecurrentNN

/// Whole samples, one for each random seed from a first one on, and in this order: written side by side, much faster than
/// one after the other, and the same texts. As one is complete, the next begins in its place.
///
///     let names = try SampleQueue(model, length: 20, documents: 1, randomSeed: 1)
///     for number in 0..<10_000 { print(try names.next(of: 10_000 - number)?.text ?? "") }
///
/// Memory is bounded, however many come: a sample that takes long lets a certain number of later ones be completed first.
public final class SampleQueue {
  private let group: WriterGroup
  /// Those that were begun and not given yet, in order.
  private var begun: [any SampleWriting] = []
  private var nextSeed: UInt64
  private let writer: (UInt64) -> any SampleWriting

  /// So many samples may be begun before the first of them is complete.
  private static let mostBegun = 1024

  /// - Parameters:
  ///   - constraint: what the texts after the seed must be, as a whole, at the beginning of a text; nil for any. Stop texts
  ///     and documents do not count then.
  ///   - seed: comes first in each sample.
  ///   - length: the tokens of a sample; the most, where there is a constraint, and with `documents` the most of each.
  ///   - documents: how many whole documents a sample has; nil for a length instead.
  ///   - stops: texts that end a sample, before the first of them.
  ///   - randomSeed: that of the first sample; the next one's is greater by one.
  ///   - capacity: how many are written side by side.
  ///   - precision: what a network's weights are kept in; see `StreamOptions`.
  ///   - threadCount: how many threads a step may use.
  ///   - candidateCount: how many of the likeliest tokens a sample's `drawn` has beside each one; nil where it is not
  ///     needed.
  /// - Throws: `ConstraintError.impossible` where the predictor cannot write any text that is allowed.
  /// - Precondition: the predictor knows documents where some are asked for.
  public init(
    _ predictor: some Predictor, constraint: (any TextConstraint)? = nil, seed: SampleSeed = SampleSeed(), length: Int,
    documents: Int? = nil, stops: [String] = [], sampling: SamplingSettings = SamplingSettings(), randomSeed: UInt64,
    capacity: Int = 64, precision: StreamPrecision = .float32, threadCount: Int = 1, candidateCount: Int? = nil
  ) throws(ConstraintError) {
    group = WriterGroup(
      predictor, capacity: capacity, StreamOptions(precision: precision, threadCount: threadCount))
    let seedTokens = seed.tokens(startingFrom: predictor.startToken)
    nextSeed = randomSeed
    let vocabulary = predictor.tokenizer.vocabulary
    // Which tokens a filter concerns is found once; what each has seen is its writer's own.
    let filters = sampling.filters(for: predictor.tokenizer)
    let sampler = { TokenSampler(filters, vocabularyCount: vocabulary.count) }
    if let constraint {
      let tokens = try ConstrainedTokens(
        constraint, for: predictor.tokenizer, excluding: sampling.excludedTokens(of: vocabulary))
      writer = { randomSeed in
        ConstrainedWriter(
          tokens, vocabulary, sampler(), randomSeed: randomSeed, seed: seed, after: seedTokens, length: length,
          candidateCount: candidateCount)
      }
    } else {
      let text = SampleText(of: predictor, seed: seed, length: length, documents: documents, stops: stops)
      writer = { randomSeed in
        TextWriter(sampler(), randomSeed: randomSeed, text, after: seedTokens, candidateCount)
      }
    }
  }

  /// The next sample; nil where a constraint let none come.
  /// - Parameter count: how many will be asked for, this one included: no more are begun.
  /// - Throws: `ConstraintError` where it takes too much to find out what may follow.
  /// - Precondition: the count is at least 1.
  public func next(of count: Int) throws(ConstraintError) -> Sample? {
    try next(of: count, isInterrupted: { false })
  }

  /// - Parameter isInterrupted: asked before each step; the queue is of no use after that.
  /// - Throws: `ConstraintError.interrupted`, too.
  package func next(of count: Int, isInterrupted: () -> Bool) throws(ConstraintError) -> Sample? {
    require(count >= 1, "the next of \(count) samples")
    repeat {
      if isInterrupted() { throw .interrupted }
      while group.hasRoom, begun.count < min(count, SampleQueue.mostBegun) { begin() }
      if begun[0].isComplete { break }
      group.step()
    } while true
    return try begun.removeFirst().sample()
  }

  private func begin() {
    let writer = writer(nextSeed)
    nextSeed &+= 1
    begun.append(writer)
    if !writer.isComplete { group.add(writer, reading: writer.beginning) }
  }
}
