import CharLM
import CharLMData
import CharLMText

/// The samples of `charlm sample`, one for each random seed from a first one on.
struct SampleSource<Model: Predictor> {
  private let command: SampleCommand
  private let model: Model
  private let known: CorpusSearch?
  /// What is drawn; nil where a beam looks for texts.
  private let queue: SampleQueue?
  private let search: BeamSearch<Model>?
  private var ready: [Sample] = []
  private var given: Set<String> = []
  /// How many samples were made and given so far.
  private(set) var madeCount = 0
  private(set) var givenCount = 0

  /// Samples generated side by side; more would not be faster.
  private static var groupSize: Int { 64 }
  /// Samples that are looked for in a corpus at once, because each search reads all of it.
  private static var searchSize: Int { 1024 }
  /// So many samples are tried for each that is wanted, where some may be left out.
  private static var triesPerSample: Int { 20 }

  /// - Throws: `CommandFailure` where the model cannot write what is asked for.
  init(
    _ command: SampleCommand, _ model: Model, _ constraint: (any TextConstraint)?, unlike known: CorpusSearch?,
    seed: SampleSeed, randomSeed: UInt64
  ) throws {
    (self.command, self.model, self.known) = (command, model, known)
    let (length, sampling, options) = (command.tokenLimit, command.drawing.settings, command.streamOptions)
    do throws(ConstraintError) {
      if let beam = command.selection.beam {
        queue = nil
        search = try BeamSearch(
          model, width: beam, constraint: constraint, seed: seed, length: length, sampling: sampling,
          precision: options.precision, threadCount: options.threadCount)
      } else {
        search = nil
        let bestOf = command.selection.bestOf
        queue = try SampleQueue(
          model, constraint: constraint, seed: seed, length: length, documents: command.documents, stops: command.stop,
          sampling: sampling, randomSeed: randomSeed,
          capacity: min(command.count * (bestOf ?? 1), SampleSource.groupSize), precision: options.precision,
          threadCount: options.threadCount, candidateCount: command.showCandidates ?? (bestOf == nil ? nil : 0))
      }
    } catch {
      throw CommandFailure(error, in: command.shape)
    }
  }

  /// Whether fewer came than were asked for.
  var isShort: Bool { givenCount < command.count }

  /// The next sample; nil where all were given, or too many were tried.
  mutating func next() throws -> Sample? {
    while givenCount < command.count {
      if ready.isEmpty, try !make() { return nil }
      guard let sample = ready.popLast() else { continue }
      if command.selection.distinct, !given.insert(sample.text).inserted { continue }
      givenCount += 1
      return sample
    }
    return nil
  }

  /// Makes some samples.
  /// - Returns: false where there were enough tries.
  private mutating func make() throws -> Bool {
    if let search {
      guard madeCount == 0 else { return false }
      ready = try search.texts().reversed()
      madeCount = command.selection.beam ?? 0
      return true
    }
    let mayFail = command.selection.leavesOut || command.shape.isGiven
    let limit = mayFail ? command.count * SampleSource.triesPerSample : command.count
    let missing = min(command.count - givenCount, limit - madeCount)
    guard missing > 0 else { return false }
    let count = known == nil ? 1 : min(missing, SampleSource.searchSize)
    madeCount += count
    ready = try withoutKnown((0..<count).compactMap { try bestSample(of: missing - $0) }).reversed()
    return true
  }

  /// The next sample, the likeliest of some where this is asked for; nil where none comes.
  /// - Parameter count: how many will be asked for, this one included.
  private func bestSample(of count: Int) throws(ConstraintError) -> Sample? {
    let bestOf = command.selection.bestOf ?? 1
    var best: Sample?
    for number in 0..<bestOf {
      guard var sample = try queue?.next(of: count * bestOf - number) else { continue }
      if command.selection.bestOf != nil || command.showCandidates != nil {
        sample.meanLogProbability = sample.drawn.meanLogProbability
      }
      // Of equal ones the first.
      guard let other = best, sample.meanLogProbability ?? 0 <= other.meanLogProbability ?? 0 else {
        best = sample
        continue
      }
    }
    return best
  }

  /// The samples that are no line and no document of the corpus.
  private func withoutKnown(_ samples: [Sample]) throws -> [Sample] {
    guard let known else { return samples }
    let parts = { (sample: Sample) in sample.documents.isEmpty ? [sample.text] : sample.documents }
    let found = try known.texts(heldAmong: Set(samples.flatMap(parts)))
    return samples.filter { !parts($0).contains(where: found.contains) }
  }
}
