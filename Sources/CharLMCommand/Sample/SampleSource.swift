import CharLM
import CharLMData
import CharLMText

/// The samples of `charlm sample`, one for each random seed from a first one on.
struct SampleSource<Model: Predictor> {
  private let command: SampleCommand
  private let model: Model
  private let constraint: (any TextConstraint)?
  private let known: CorpusSearch?
  private let seed: SampleSeed
  /// The random seed of the next group.
  private var nextSeed: UInt64
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

  init(
    _ command: SampleCommand, _ model: Model, _ constraint: (any TextConstraint)?, unlike known: CorpusSearch?,
    seed: SampleSeed, randomSeed: UInt64
  ) {
    (self.command, self.model, self.constraint, self.known) = (command, model, constraint, known)
    (self.seed, nextSeed) = (seed, randomSeed)
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
    if let beam = command.selection.beam {
      guard madeCount == 0 else { return false }
      madeCount = beam
      ready = try beamTexts(beam).reversed()
      return true
    }
    let mayFail = command.selection.leavesOut || constraint != nil
    let limit = mayFail ? command.count * SampleSource.triesPerSample : command.count
    let missing = min(command.count - givenCount, limit - madeCount)
    guard missing > 0 else { return false }
    let size = known == nil ? max(SampleSource.groupSize / bestOf, 1) : SampleSource.searchSize
    let count = min(missing, size)
    madeCount += count
    ready = try withoutKnown(try best(count)).reversed()
    return true
  }

  /// Samples that are drawn for each one.
  private var bestOf: Int { command.selection.bestOf ?? 1 }

  /// So many samples, each the likeliest of some; fewer where some come to nothing.
  private mutating func best(_ count: Int) throws -> [Sample] {
    let seeds = (0..<count * bestOf).map { nextSeed &+ UInt64($0) }
    nextSeed &+= UInt64(seeds.count)
    var drawn: [Sample?] = []
    for start in stride(from: 0, to: seeds.count, by: SampleSource.groupSize) {
      drawn += try samples(Array(seeds[start..<min(start + SampleSource.groupSize, seeds.count)]))
    }
    return (0..<count).compactMap { number in
      let tries = drawn[(number * bestOf)..<((number + 1) * bestOf)].compactMap(\.self)
      // Of equal ones the first.
      return tries.reduce(nil as Sample?) { best, sample in
        guard let best else { return sample }
        return sample.meanLogProbability ?? 0 > best.meanLogProbability ?? 0 ? sample : best
      }
    }
  }

  /// The samples that are no line and no document of the corpus.
  private func withoutKnown(_ samples: [Sample]) throws -> [Sample] {
    guard let known else { return samples }
    let parts = { (sample: Sample) in sample.documents.isEmpty ? [sample.text] : sample.documents }
    let found = try known.texts(heldAmong: Set(samples.flatMap(parts)))
    return samples.filter { !parts($0).contains(where: found.contains) }
  }

  private func beamTexts(_ width: Int) throws(ConstraintError) -> [Sample] {
    try BeamSearch(
      model, width: width, constraint: constraint, seed: seed, length: command.tokenLimit,
      sampling: command.drawing.settings, precision: command.streamPrecision, threadCount: command.threads.count
    ).texts()
  }

  /// A sample for each random seed; nil where none came. Each has its mean log-probability where that counts.
  private func samples(_ seeds: [UInt64]) throws(ConstraintError) -> [Sample?] {
    let candidateCount = command.showCandidates ?? (command.selection.bestOf == nil ? nil : 0)
    return try drawn(seeds, candidateCount).map { sample in
      guard var sample, candidateCount != nil else { return sample }
      sample.meanLogProbability = sample.drawn.meanLogProbability
      return sample
    }
  }

  private func drawn(_ seeds: [UInt64], _ candidateCount: Int?) throws(ConstraintError) -> [Sample?] {
    if let constraint {
      let texts = ConstrainedText(
        model, constraint, seed: seed, length: command.tokenLimit, sampling: command.drawing.settings,
        precision: command.streamPrecision, threadCount: command.threads.count, candidateCount: candidateCount)
      var samples: [Sample?] = []
      for seed in seeds { samples.append(try texts.sample(randomSeed: seed)) }
      return samples
    }
    return TextStream.samples(
      of: model, seed: seed, length: command.tokenLimit, documents: command.documents, stops: command.stop,
      sampling: command.drawing.settings, randomSeeds: seeds, precision: command.streamPrecision,
      threadCount: command.threads.count, candidateCount: candidateCount)
  }
}
