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
  /// Along the gradient, with momentum if asked; weight decay is added to the gradient.
  case sgd
  /// Hinton 2012: the gradient divided by the root of its running mean square; weight decay is added to the gradient.
  case rmsprop
}

/// The constants of an optimizer, with PyTorch's defaults of Adam. A rule reads those that it knows.
public struct OptimizerSettings: Codable, Hashable, Sendable {
  /// The rule.
  public var kind: OptimizerKind
  /// Adam's decay of the mean of gradients.
  public var beta1: Float
  /// The decay of the mean of squared gradients: Adam's β2, RMSprop's α.
  public var beta2: Float
  /// Added to the root of the mean square.
  public var epsilon: Float
  /// The weight decay, 0 for none.
  public var weightDecay: Float
  /// What of its last move SGD and RMSprop keep, 0 for none.
  public var momentum: Float
  /// Whether SGD looks ahead by its momentum (Nesterov 1983).
  public var isNesterov: Bool

  /// Adam's defaults in PyTorch, save where a value is given.
  public init(
    kind: OptimizerKind = .adam, beta1: Float = 0.9, beta2: Float = 0.999, epsilon: Float = 1e-8,
    weightDecay: Float = 0, momentum: Float = 0, isNesterov: Bool = false
  ) {
    require(!isNesterov || momentum > 0, "Nesterov's variant with momentum \(momentum): it must be positive")
    self.kind = kind
    self.beta1 = beta1
    self.beta2 = beta2
    self.epsilon = epsilon
    self.weightDecay = weightDecay
    self.momentum = momentum
    self.isNesterov = isNesterov
  }
}

/// An optimizer over a flat store: what it remembers of each parameter, and the update.
///
/// A step is `beginStep` once and `update` for slices that together cover the store, on any threads.
///
/// Checked against `ReferenceOptimizer` (Tests/TestSupport): `swift test --filter OptimizerStateTests`.
package final class OptimizerState {
  package let settings: OptimizerSettings
  /// The number of steps begun.
  package var stepCount = 0
  /// What is remembered of each parameter, by name.
  package let memories: [(name: String, store: ParameterStore)]
  private var correction1: Float = 1
  private var correction2: Float = 1

  package init(_ settings: OptimizerSettings, for parameters: ParameterStore) {
    self.settings = settings
    let hasMomentum = settings.momentum > 0
    let names =
      switch settings.kind {
      case .adam, .adamw: ["first_moment", "second_moment"]
      case .sgd: hasMomentum ? ["velocity"] : []
      case .rmsprop: ["mean_square"] + (hasMomentum ? ["velocity"] : [])
      }
    memories = names.map { ($0, ParameterStore(like: parameters)) }
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
    let (p, gradient) = (parameters.flat[slice], gradients.flat[slice])
    let step = Kernels.MomentumStep(
      scale: scale, rate: rate, momentum: settings.momentum, l2: settings.weightDecay)
    switch settings.kind {
    case .adam, .adamw:
      let isDecoupled = settings.kind == .adamw
      Kernels.active.adam(
        p, gradient: gradient, m: memory(0, slice), v: memory(1, slice),
        Kernels.AdamStep(
          scale: scale, rate: rate, beta1: settings.beta1, beta2: settings.beta2, epsilon: settings.epsilon,
          correction1: correction1, correction2: correction2, l2: isDecoupled ? 0 : settings.weightDecay,
          decay: isDecoupled ? settings.weightDecay : 0))
    case .sgd:
      Kernels.active.sgd(
        p, gradient: gradient, velocity: settings.momentum > 0 ? memory(0, slice) : nil,
        isNesterov: settings.isNesterov, step)
    case .rmsprop:
      Kernels.active.rmsprop(
        p, gradient: gradient, v: memory(0, slice), velocity: settings.momentum > 0 ? memory(1, slice) : nil,
        alpha: settings.beta2, epsilon: settings.epsilon, step)
    }
  }

  private func memory(_ number: Int, _ slice: Range<Int>) -> View<Float> { memories[number].store.flat[slice] }
}
