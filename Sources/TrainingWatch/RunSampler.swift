import CharLM
import CharLMText

/// Draws texts from a run's present parameters now and then: often at the start, where much is learned, and at the end.
struct RunSampler {
  private static let length = 200
  private let count: Int
  private var next = 1

  /// - Parameter count: how many samples a whole run has, at most.
  init(count: Int) { self.count = count }

  /// Passes over the samples that came before a resume.
  mutating func begin(at progress: Double) { skip(to: progress) }

  /// A sample, where one is due: the k-th of n when (k / n)² of the run is over.
  ///
  /// All are drawn with the same random numbers, so that they differ by what was learned; the run's bits do not change.
  mutating func sample(of run: TrainingRun, progress: Double, seconds: Double) -> RunSample? {
    guard next <= count, progress >= part(next), let model = LanguageModel(run.presentModel) else { return nil }
    skip(to: progress)
    let seed = run.record.settings.randomSeed
    let sampling = SamplingSettings()
    let stream = TextStream(
      model, seed: TokenSequence(vocabularyCount: model.tokenizer.vocabulary.count), length: RunSampler.length,
      sampling: sampling, randomSeed: seed)
    return RunSample(
      step: run.record.steps, seconds: seconds, temperature: sampling.temperature, randomSeed: seed,
      text: stream.joined())
  }

  private mutating func skip(to progress: Double) {
    while next <= count, part(next) <= progress { next += 1 }
  }

  private func part(_ number: Int) -> Double {
    let part = Double(number) / Double(count)
    return part * part
  }
}
