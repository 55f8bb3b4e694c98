#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// The course of the learning rate over a run.
public struct LearningRateSchedule: Codable, Hashable, Sendable {
  /// The shape of the course after the warm-up.
  public enum Kind: String, Codable, Hashable, Sendable, CaseIterable {
    /// Half a cosine from the peak down to `floor` times the peak (Loshchilov and Hutter 2017).
    case cosine
    /// The peak throughout.
    case constant
    /// The peak, halved whenever three validations in a row were no better than one before them. Whoever validates
    /// counts, and hands `Trainer.rateFactor` the halvings.
    case plateau
  }

  /// After so many validations without a better one a plateau's rate falls.
  public static let plateauPatience = 3

  /// The shape.
  public var kind: Kind
  /// The highest rate.
  public var peak: Float
  /// Steps over which the rate rises in a straight line to its course.
  public var warmupStepCount: Int
  /// Where a cosine ends, as a part of the peak.
  public var floor: Float

  /// A schedule.
  public init(kind: Kind = .cosine, peak: Float, warmupStepCount: Int = 0, floor: Float = 0.02) {
    self.kind = kind
    self.peak = peak
    self.warmupStepCount = warmupStepCount
    self.floor = floor
  }

  /// The rate of a step (counted from 0) when this part of the run, 0 to 1, is over.
  public func rate(step: Int, progress: Double) -> Float {
    let warmup = step < warmupStepCount ? Float(step + 1) / Float(warmupStepCount) : 1
    switch kind {
    case .constant, .plateau: return peak * warmup
    case .cosine:
      let descent = Float((1 + cos(Double.pi * min(max(progress, 0), 1))) / 2)
      return peak * warmup * (floor + (1 - floor) * descent)
    }
  }
}

/// A rate that falls by a factor every so many steps, PyTorch's `StepLR`.
public struct StepSchedule: Hashable, Sendable {
  /// The rate at the start.
  public var initial: Float
  /// Steps between two falls.
  public var period: Int
  /// What the rate is multiplied by.
  public var factor: Float

  /// - Precondition: the period is positive.
  public init(initial: Float, period: Int, factor: Float = 0.1) {
    require(period > 0, "a period of \(period) steps")
    (self.initial, self.period, self.factor) = (initial, period, factor)
  }

  /// The rate of a step, counted from 0.
  public func rate(step: Int) -> Float { initial * Float(pow(Double(factor), Double(step / period))) }
}

/// A rate that falls by a factor every step, PyTorch's `ExponentialLR`.
public struct ExponentialSchedule: Hashable, Sendable {
  /// The rate at the start.
  public var initial: Float
  /// What the rate is multiplied by.
  public var factor: Float

  /// A schedule.
  public init(initial: Float, factor: Float) { (self.initial, self.factor) = (initial, factor) }

  /// The rate of a step, counted from 0.
  public func rate(step: Int) -> Float { initial * Float(pow(Double(factor), Double(step))) }
}
