import CharLM
import CharLMTraining

/// Passes a run's events to its observers, and adds figures and samples.
///
/// Nothing here changes a run's parameters: figures are taken from its reports, samples are drawn from copies.
public final class RunWatch {
  private let observers: [any RunObserver]
  private let peakMegabytes: () -> Double
  private let secondsBefore: Double
  private var meter: RunMeter
  private var sampler: RunSampler?

  /// - Parameters:
  ///   - sampleCount: how many samples are drawn, at most; nil for none.
  ///   - peakMegabytes: the peak memory of the process so far, in MB of 2^20 bytes.
  public init(
    _ run: TrainingRun, observers: [any RunObserver], sampleCount: Int? = nil, peakMegabytes: @escaping () -> Double
  ) {
    self.observers = observers
    self.peakMegabytes = peakMegabytes
    secondsBefore = run.record.seconds
    meter = RunMeter(clip: run.record.settings.clip)
    sampler = sampleCount.map { RunSampler(count: $0) }
  }

  /// The run starts.
  /// - Parameter clock: seconds since the command's start.
  public func begin(_ run: TrainingRun, _ description: RunDescription, clock: Double) {
    sampler?.begin(at: run.progress(at: clock) ?? 1, step: run.record.steps)
    tell(.begun(description), run, clock)
  }

  /// Something happened.
  public func note(_ event: TrainingEvent, of run: TrainingRun, clock: Double) {
    tell(.training(event), run, clock)
    if let point = meter.point(event, run, seconds: secondsBefore + clock, peakMegabytes: peakMegabytes) {
      tell(.measured(point), run, clock)
    }
    if case .rolledBack = event { sampler?.rollBack() }
    guard case .validated = event else { return }
    let progress = run.progress(at: clock) ?? 1
    if let sample = sampler?.sample(of: run, progress: progress, seconds: secondsBefore + clock) {
      tell(.sampled(sample), run, clock)
    }
  }

  /// The run ended.
  public func end(_ end: TrainingEnd, of run: TrainingRun, clock: Double) {
    if end != .interrupted, let sample = sampler?.last(of: run, seconds: secondsBefore + clock) {
      tell(.sampled(sample), run, clock)
    }
    tell(.ended(end, peakMegabytes: peakMegabytes()), run, clock)
  }

  /// The run failed.
  public func fail(_ reason: String, of run: TrainingRun, clock: Double) { tell(.failed(reason), run, clock) }

  /// What went wrong while observing.
  public var warnings: [String] { observers.compactMap(\.warning) }

  private func tell(_ event: RunEvent, _ run: TrainingRun, _ clock: Double) {
    for observer in observers { observer.note(event, of: run, at: secondsBefore + clock) }
  }
}
