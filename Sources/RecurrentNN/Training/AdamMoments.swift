#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// The rule of an update.
public enum OptimizerKind: String, Codable, Hashable, Sendable, CaseIterable {
  /// Kingma and Ba 2015; weight decay, if any, is added to the gradient.
  case adam
  /// Loshchilov and Hutter 2019: weight decay apart from the gradient.
  case adamw
}

/// The constants of Adam and AdamW, with PyTorch's defaults.
public struct AdamSettings: Codable, Hashable, Sendable {
  /// Which of the two.
  public var kind: OptimizerKind
  /// The decay of the mean of gradients.
  public var beta1: Float
  /// The decay of the mean of squared gradients.
  public var beta2: Float
  /// Added to the root of the second moment.
  public var epsilon: Float
  /// The weight decay, 0 for none.
  public var weightDecay: Float

  /// PyTorch's defaults, save where a value is given.
  public init(
    kind: OptimizerKind = .adam, beta1: Float = 0.9, beta2: Float = 0.999, epsilon: Float = 1e-8,
    weightDecay: Float = 0
  ) {
    self.kind = kind
    self.beta1 = beta1
    self.beta2 = beta2
    self.epsilon = epsilon
    self.weightDecay = weightDecay
  }
}

/// Adam and AdamW over a flat store: p −= rate / (1−β1ᵗ) · m / (√v / √(1−β2ᵗ) + ε).
///
/// A step is `beginStep` once and `update` for slices that together cover the store, on any threads.
package final class AdamMoments {
  package let settings: AdamSettings
  /// The number of steps begun.
  package var stepCount = 0
  /// The running mean of the gradients, and of their squares.
  package let firstMoment: ParameterStore
  package let secondMoment: ParameterStore
  private var correction1: Float = 1
  private var correction2: Float = 1

  package init(_ settings: AdamSettings, for parameters: ParameterStore) {
    self.settings = settings
    firstMoment = ParameterStore(like: parameters)
    secondMoment = ParameterStore(like: parameters)
  }

  package func beginStep() {
    stepCount += 1
    correction1 = Float(1 - pow(Double(settings.beta1), Double(stepCount)))
    correction2 = Float(1 - pow(Double(settings.beta2), Double(stepCount)))
  }

  /// Updates a slice of the flat buffer with gradients times `scale`.
  package func update(
    _ slice: Range<Int>, of parameters: ParameterStore, gradients: ParameterStore, scale: Float, rate: Float
  ) {
    let isDecoupled = settings.kind == .adamw
    Kernels.active.adam(
      parameters.flat[slice], gradient: gradients.flat[slice], m: firstMoment.flat[slice],
      v: secondMoment.flat[slice],
      Kernels.AdamStep(
        scale: scale, rate: rate, beta1: settings.beta1, beta2: settings.beta2, epsilon: settings.epsilon,
        correction1: correction1, correction2: correction2, l2: isDecoupled ? 0 : settings.weightDecay,
        decay: isDecoupled ? settings.weightDecay : 0))
  }
}
