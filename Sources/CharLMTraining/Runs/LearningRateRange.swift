import RecurrentNN

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// A learning-rate range test (Smith 2017): the rate rises by a factor each step from where nothing is learnt to where
/// learning breaks down, and the loss on the way shows which rates a run can use.
///
/// A value that gives the next rate and records the loss; whoever drives it makes the steps.
package struct LearningRateRange: Hashable, Sendable {
  /// One step.
  package struct Point: Hashable, Sendable, Encodable {
    /// The step's learning rate.
    package let rate: Float
    /// The loss before the step, in nats.
    package let nats: Double
    /// The geometric mean of the rates so far, of exponential weights, without the bias towards its start.
    package let smoothedRate: Float
    /// The same mean of the losses. It lags behind the loss as the rates' mean does behind the rate, so that they belong
    /// together.
    package let smoothedNats: Double
  }

  /// The lowest rate.
  package let lowest: Float
  /// The highest rate, where the test ends at the latest.
  package let highest: Float
  /// The number of steps up to it.
  package let stepCount: Int
  /// The steps so far.
  package private(set) var points: [Point] = []
  /// Whether the loss grew so much, or was not finite, that the test ended.
  package private(set) var hasDiverged = false

  /// How much of the mean each new loss replaces: what a step learns shows in about ten of them.
  private static let weight = 0.1
  /// So many times the best loss ends the test.
  private static let divergence = 4.0
  private var weightedNats = 0.0
  private var weightedLogRate = 0.0
  private var weights = 0.0

  /// A test that has not begun.
  /// - Precondition: at least two steps, and rates that rise.
  package init(from lowest: Float = 1e-5, to highest: Float = 1, stepCount: Int = 150) {
    require(lowest > 0 && highest > lowest && stepCount > 1, "\(stepCount) steps from \(lowest) to \(highest)")
    (self.lowest, self.highest, self.stepCount) = (lowest, highest, stepCount)
  }

  /// The learning rate of the next step; nil where the test is over.
  package var nextRate: Float? {
    guard !hasDiverged, points.count < stepCount else { return nil }
    let part = Double(points.count) / Double(stepCount - 1)
    return lowest * Float(pow(Double(highest / lowest), part))
  }

  /// Takes the loss of the step that `nextRate` was for.
  package mutating func note(nats: Double) {
    guard let rate = nextRate else { return }
    guard nats.isFinite else {
      hasDiverged = true
      return
    }
    weightedNats += LearningRateRange.weight * (nats - weightedNats)
    weightedLogRate += LearningRateRange.weight * (log(Double(rate)) - weightedLogRate)
    weights += LearningRateRange.weight * (1 - weights)
    let smoothed = weightedNats / weights
    points.append(
      Point(rate: rate, nats: nats, smoothedRate: Float(exp(weightedLogRate / weights)), smoothedNats: smoothed))
    hasDiverged = smoothed > LearningRateRange.divergence * (points.map(\.smoothedNats).min() ?? .infinity)
  }
}

// MARK: What it shows

extension LearningRateRange {
  /// Where the smoothed loss is lowest; nil before the first step.
  package var minimum: Point? { points.min { $0.smoothedNats < $1.smoothedNats } }

  /// A quarter of the rate at which the smoothed loss is lowest: there it still falls, with room for what comes after the
  /// first steps, when the ways are steeper.
  package var quarterOfMinimum: Float? { minimum.map { $0.smoothedRate / 4 } }

  /// Where the smoothed loss falls most for a factor of the rate, before its minimum. In language models that is where the
  /// tokens' frequencies are learnt, which any rate does: too low to train with.
  package var steepest: Point? {
    let falling = points.prefix { $0.rate <= minimum?.rate ?? 0 }
    guard falling.count > 2 * LearningRateRange.reach else { return nil }
    let places = falling.indices.dropFirst(LearningRateRange.reach).dropLast(LearningRateRange.reach)
    return places.min { slope(at: $0) < slope(at: $1) }.map { points[$0] }
  }

  /// Steps on both sides of a place over which a slope is taken.
  private static let reach = 4

  /// The change of the smoothed loss around a place; the rate's logarithm changes as much everywhere.
  private func slope(at place: Int) -> Double {
    points[place + LearningRateRange.reach].smoothedNats - points[place - LearningRateRange.reach].smoothedNats
  }

  /// The rate to train with, in two digits.
  package var suggestion: Float? { quarterOfMinimum.map(LearningRateRange.rounded) }

  private static func rounded(_ rate: Float) -> Float {
    let power = pow(10, floor(log10(Double(rate))) - 1)
    return Float((Double(rate) / power).rounded() * power)
  }
}

extension TrainingRun {
  /// Makes the steps of a range test. The run is used up: it must not be saved afterwards.
  /// - Parameters:
  ///   - isInterrupted: asked before each step; ends the test.
  ///   - observe: shown the test after each step.
  /// - Throws: `TrainingFailure` where the text cannot be read any more; a loss that is not finite ends the test.
  package func perform(
    _ range: LearningRateRange, isInterrupted: () -> Bool = { false }, observe: (LearningRateRange) -> Void = { _ in }
  ) throws(TrainingFailure) -> LearningRateRange {
    var range = range
    while let rate = range.nextRate, !isInterrupted() {
      do throws(TrainingError) {
        let report = try trainer.step(progress: 0, rate: rate)
        range.note(nats: report.isSkipped ? .infinity : report.nats)
      } catch {
        throw .training(error)
      }
      observe(range)
    }
    return range
  }
}
