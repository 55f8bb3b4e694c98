import CharLM
import CharLMText
import CharLMTraining

/// Text that a model wrote during its training.
public struct RunSample: Codable, Hashable, Sendable {
  /// Steps made before it.
  public let step: Int
  /// Seconds since the run's start.
  public let seconds: Double
  /// The sampling temperature.
  public let temperature: Float
  /// The random seed.
  public let randomSeed: UInt64
  /// The text.
  public let text: String
}

/// Draws samples from a run's current parameters: often at the start, where much is learned, and at the end.
struct RunSampler {
  private static let length = 200
  private let count: Int
  private var next = 1
  /// The step of the last sample, or where the run started.
  private var lastStep: Int?

  /// - Parameter count: the largest number of samples of a whole run.
  init(count: Int) { self.count = count }

  /// Skips the samples that were drawn before a resume.
  mutating func begin(at progress: Double, step: Int) {
    skip(to: progress)
    lastStep = step
  }

  /// The run rolled back to an earlier step.
  mutating func rollBack() { lastStep = nil }

  /// A sample, where one is due: the k-th of n when (k / n)² of the run is done.
  ///
  /// All are drawn with the same random numbers, so that they differ only by what was learned; the run's bits do not
  /// change.
  mutating func sample(of run: TrainingRun, progress: Double, seconds: Double) -> RunSample? {
    guard next <= count, progress >= part(next) else { return nil }
    skip(to: progress)
    return draw(from: run, seconds: seconds)
  }

  /// The sample at a run's end, where none was drawn at its last step because the clock or validation ended it.
  mutating func last(of run: TrainingRun, seconds: Double) -> RunSample? {
    lastStep == run.record.steps ? nil : draw(from: run, seconds: seconds)
  }

  private mutating func draw(from run: TrainingRun, seconds: Double) -> RunSample? {
    guard let model = LanguageModel(run.presentModel) else { return nil }
    lastStep = run.record.steps
    let seed = run.record.settings.randomSeed
    let sampling = SamplingSettings()
    let text = TextStream.excerpt(of: model, length: RunSampler.length, sampling: sampling, randomSeed: seed)
    return RunSample(
      step: run.record.steps, seconds: seconds, temperature: sampling.temperature, randomSeed: seed, text: text)
  }

  private mutating func skip(to progress: Double) {
    while next <= count, part(next) <= progress { next += 1 }
  }

  private func part(_ number: Int) -> Double {
    let part = Double(number) / Double(count)
    return part * part
  }
}
