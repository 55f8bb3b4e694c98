import CharLM
import RecurrentNN

/// Brings ranks together that have made steps of their own (DiLoCo: Douillard et al. 2023).
///
/// The mean of their moves is taken for a gradient of what they started from, and followed with momentum as Nesterov has
/// it:
///
///     Δ = mean over ranks of (start − parameters)
///     v = μ v + Δ
///     start −= rate · (Δ + μ v)
///
/// Only Δ goes over the wire, once in so many steps. With a rate of 1 and no momentum the ranks' parameters are averaged.
final class OuterOptimizer {
  /// Steps that each rank makes by itself.
  let interval: Int
  /// v, which a saved state holds.
  let velocity: ParameterStore
  private let (parameters, start, change): (ParameterStore, ParameterStore, ParameterStore)
  private let average: ParameterStore?
  private let (changeSum, averageSum): (RankSum, RankSum?)
  private let communicator: Communicator
  private let (rate, momentum): (Float, Float)

  init(
    _ parameters: ParameterStore, average: ParameterStore?, settings: RankSettings, communicator: Communicator
  ) {
    interval = settings.syncInterval
    (rate, momentum) = (settings.outerRate, settings.outerMomentum)
    self.parameters = parameters
    self.average = average
    self.communicator = communicator
    start = ParameterStore(like: parameters)
    change = ParameterStore(like: parameters)
    velocity = ParameterStore(like: parameters)
    start.flat.copy(from: parameters.flat)
    func sum(_ store: ParameterStore, _ precision: Precision) -> RankSum {
      RankSum([store.flat.matrix(1, store.flatCount)], over: communicator, precision: precision)
    }
    changeSum = sum(change, settings.wire)
    // The mean is no change, but what is saved.
    averageSum = average.map { sum($0, .float32) }
  }

  /// Starts from the parameters as they are now.
  func begin() { start.flat.copy(from: parameters.flat) }

  /// Brings the parameters together, and their moving mean.
  func meet() {
    let kernels = Kernels.active
    change.flat.copy(from: start.flat)
    kernels.add(parameters.flat, times: -1, to: change.flat)
    changeSum.make()
    kernels.scale(change.flat, by: 1 / Float(communicator.size))
    kernels.scale(velocity.flat, by: momentum)
    kernels.add(change.flat, times: 1, to: velocity.flat)
    kernels.add(change.flat, times: -rate, to: start.flat)
    kernels.add(velocity.flat, times: -rate * momentum, to: start.flat)
    parameters.flat.copy(from: start.flat)
    if let average, let averageSum {
      averageSum.make()
      kernels.scale(average.flat, by: 1 / Float(communicator.size))
    }
  }

  /// Takes back what was done since the last meeting.
  func goBack() { parameters.flat.copy(from: start.flat) }
}

extension Trainer {
  /// As many steps by this rank alone as there are between two meetings, and the meeting. Where a rank's last step is not
  /// finite, its parameters may not be either: all go back to the last meeting.
  func round(
    _ outer: OuterOptimizer, progress: Double?, rate: Float?, limit: Int, progressOfStep: Double
  ) throws(TrainingError) -> StepReport {
    let count = min(outer.interval, limit, max((totalStepCount ?? .max) - stepCount, 1))
    var (nats, tokenCount, norms, lastRate) = (0.0, 0, 0.0, Float(0))
    var isBroken = false
    for number in 0..<count {
      // Where a number of steps is given, the rate follows it between two meetings, too.
      let present = totalStepCount == nil ? progress.map { min($0 + Double(number) * progressOfStep, 1) } : nil
      let report = try makeStep(progress: present, rate: rate)
      lastRate = report.learningRate
      isBroken = report.isSkipped
      guard !report.isSkipped else { continue }
      nats += report.nats * Double(report.tokenCount)
      norms += report.gradientNorm / Double(count)
      tokenCount += report.tokenCount
    }
    let sums = communicator.sums([nats, Double(tokenCount), norms, isBroken ? 1 : 0])
    let report = StepReport(
      step: stepCount, nats: sums[3] > 0 ? .nan : sums[0] / sums[1], gradientNorm: sums[2] / Double(communicator.size),
      learningRate: lastRate, tokenCount: Int(sums[1]))
    if report.isSkipped {
      outer.goBack()
      resetStates()
    } else {
      outer.meet()
    }
    shardedNetwork.refresh()
    return report
  }
}
