import CharLM
import CharLMText

/// The samples of `charlm sample`, one for each random seed from a first one on.
struct SampleSource<Model: Predictor> {
  private let command: SampleCommand
  private let model: Model
  private let seed: SampleSeed
  /// The random seed of the next group.
  private var nextSeed: UInt64
  private var ready: [Sample] = []
  private var known: Set<String> = []
  /// How many samples were made and given so far.
  private(set) var madeCount = 0
  private(set) var givenCount = 0

  /// Samples generated side by side; more would not be faster.
  private static var groupSize: Int { 64 }
  /// So many samples are tried for each that is wanted, where some may be left out.
  private static var triesPerSample: Int { 20 }

  init(_ command: SampleCommand, _ model: Model, seed: SampleSeed, randomSeed: UInt64) {
    (self.command, self.model, self.seed, nextSeed) = (command, model, seed, randomSeed)
  }

  /// Whether fewer came than were asked for.
  var isShort: Bool { givenCount < command.count }

  /// The next sample; nil where all were given, or too many were tried.
  mutating func next() -> Sample? {
    while givenCount < command.count {
      if ready.isEmpty, !make() { return nil }
      guard let sample = ready.popLast() else { continue }
      if command.distinct, !known.insert(sample.text).inserted { continue }
      givenCount += 1
      return sample
    }
    return nil
  }

  /// Makes a group of samples.
  /// - Returns: false where there were enough tries.
  private mutating func make() -> Bool {
    let limit = command.distinct || command.match != nil ? command.count * SampleSource.triesPerSample : command.count
    let missing = min(command.count - givenCount, limit - madeCount)
    guard missing > 0 else { return false }
    let seeds = (0..<min(missing, SampleSource.groupSize)).map { nextSeed &+ UInt64($0) }
    nextSeed &+= UInt64(seeds.count)
    madeCount += seeds.count
    ready = samples(seeds).reversed()
    return true
  }

  private func samples(_ seeds: [UInt64]) -> [Sample] {
    if let expression = command.match {
      let texts = MatchingText(
        model, expression, seed: seed, length: command.tokenLimit, sampling: command.drawing.settings,
        precision: command.precision, threadCount: command.threads.count, candidateCount: command.showCandidates)
      return seeds.compactMap { texts.sample(randomSeed: $0) }
    }
    return TextStream.samples(
      of: model, seed: seed, length: command.tokenLimit, documents: command.documents, stops: command.stop,
      sampling: command.drawing.settings, randomSeeds: seeds, precision: command.precision,
      threadCount: command.threads.count, candidateCount: command.showCandidates)
  }
}
