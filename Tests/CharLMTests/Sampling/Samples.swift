import CharLM
import CharLMText
import RecurrentNN

/// Several samples, written side by side.
/// - Parameter randomSeeds: each greater by one than the last.
func writtenSideBySide(
  of predictor: some Predictor, seed: SampleSeed = SampleSeed(), length: Int, documents: Int? = nil,
  stops: [String] = [], sampling: SamplingSettings = SamplingSettings(), randomSeeds: [UInt64],
  precision: StreamPrecision = .float32, candidateCount: Int? = nil
) throws -> [Sample] {
  let queue = try SampleQueue(
    predictor, seed: seed, length: length, documents: documents, stops: stops, sampling: sampling,
    randomSeed: randomSeeds[0], precision: precision, candidateCount: candidateCount)
  return try randomSeeds.indices.compactMap { try queue.next(of: randomSeeds.count - $0) }
}

/// Texts that are held to a constraint, each written alone.
struct ConstrainedText<Model: Predictor> {
  let model: Model
  let constraint: any TextConstraint
  let seed: SampleSeed
  let length: Int
  let sampling: SamplingSettings
  let candidateCount: Int?

  init(
    _ model: Model, _ constraint: any TextConstraint, seed: SampleSeed = SampleSeed(), length: Int,
    sampling: SamplingSettings = SamplingSettings(), candidateCount: Int? = nil
  ) {
    (self.model, self.constraint, self.seed, self.length) = (model, constraint, seed, length)
    (self.sampling, self.candidateCount) = (sampling, candidateCount)
  }

  func sample(randomSeed: UInt64) throws -> Sample? {
    try SampleQueue(
      model, constraint: constraint, seed: seed, length: length, sampling: sampling, randomSeed: randomSeed,
      capacity: 1,
      candidateCount: candidateCount
    ).next(of: 1)
  }
}
