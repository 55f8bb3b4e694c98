/// Moves parameters by their gradients.
///
///     let optimizer = Adam(model.parameters, learningRate: 1e-3)
///     for … {
///       optimizer.zeroGradients()
///       loss.backward()
///       optimizer.step()
///     }
public protocol Optimizer: AnyObject {
  /// The parameters that it moves.
  var parameters: [ParameterStore] { get }
  /// The rate of the next step; may be changed between steps.
  var learningRate: Float { get set }
  /// Moves every parameter once.
  func step()
}

extension Optimizer {
  /// Sets all gradients to zero, before the next backward pass.
  public func zeroGradients() { for store in parameters { store.zeroGradients() } }
}

/// Adam (Kingma and Ba 2015): p −= rate / (1−β1ᵗ) · m / (√v / √(1−β2ᵗ) + ε), PyTorch's `optim.Adam`. Weight decay is added
/// to the gradient.
public final class Adam: Optimizer {
  private let states: OptimizerStates
  /// The rate of the next step.
  public var learningRate: Float

  /// An optimizer with PyTorch's defaults.
  public init(
    _ parameters: [ParameterStore], learningRate: Float = 1e-3, beta1: Float = 0.9, beta2: Float = 0.999,
    epsilon: Float = 1e-8, weightDecay: Float = 0
  ) {
    self.learningRate = learningRate
    states = OptimizerStates(
      OptimizerSettings(kind: .adam, beta1: beta1, beta2: beta2, epsilon: epsilon, weightDecay: weightDecay),
      for: parameters)
  }

  /// The parameters that it moves.
  public var parameters: [ParameterStore] { states.parameters }
  /// Moves every parameter once.
  public func step() { states.step(rate: learningRate) }
}

/// Adam with weight decay apart from the gradient (Loshchilov and Hutter 2019), PyTorch's `optim.AdamW`.
public final class AdamW: Optimizer {
  private let states: OptimizerStates
  /// The rate of the next step.
  public var learningRate: Float

  /// An optimizer with PyTorch's defaults.
  public init(
    _ parameters: [ParameterStore], learningRate: Float = 1e-3, beta1: Float = 0.9, beta2: Float = 0.999,
    epsilon: Float = 1e-8, weightDecay: Float = 0.01
  ) {
    self.learningRate = learningRate
    states = OptimizerStates(
      OptimizerSettings(kind: .adamw, beta1: beta1, beta2: beta2, epsilon: epsilon, weightDecay: weightDecay),
      for: parameters)
  }

  /// The parameters that it moves.
  public var parameters: [ParameterStore] { states.parameters }
  /// Moves every parameter once.
  public func step() { states.step(rate: learningRate) }
}

/// AdamW, for matrices in the eigenbasis of their gradients: one-sided SOAP (Vyas et al. 2024). It takes fewer steps to the
/// same loss, and a matrix of (rows, columns) takes 5 · columns² numbers of memory more.
///
/// A matrix of fewer than 8 rows or columns, and what is no matrix, is updated by AdamW.
public final class SOAP: Optimizer {
  private let states: OptimizerStates
  /// The rate of the next step.
  public var learningRate: Float

  /// An optimizer with AdamW's constants.
  public init(
    _ parameters: [ParameterStore], learningRate: Float = 3e-3, beta1: Float = 0.9, beta2: Float = 0.99,
    epsilon: Float = 1e-8, weightDecay: Float = 0.01
  ) {
    self.learningRate = learningRate
    states = OptimizerStates(
      OptimizerSettings(kind: .soap, beta1: beta1, beta2: beta2, epsilon: epsilon, weightDecay: weightDecay),
      for: parameters)
  }

  /// The parameters that it moves.
  public var parameters: [ParameterStore] { states.parameters }
  /// Moves every parameter once.
  public func step() { states.step(rate: learningRate) }
}

/// Steps along the gradient, with momentum if asked: v = μ v + g; p −= rate · v, or with Nesterov's rate · (g + μ v).
/// PyTorch's `optim.SGD`.
public final class SGD: Optimizer {
  private let states: OptimizerStates
  /// The rate of the next step.
  public var learningRate: Float

  /// An optimizer with PyTorch's defaults.
  /// - Precondition: Nesterov's variant needs momentum.
  public init(
    _ parameters: [ParameterStore], learningRate: Float = 1e-3, momentum: Float = 0, nesterov: Bool = false,
    weightDecay: Float = 0
  ) {
    self.learningRate = learningRate
    states = OptimizerStates(
      OptimizerSettings(kind: .sgd, weightDecay: weightDecay, momentum: momentum, isNesterov: nesterov),
      for: parameters)
  }

  /// The parameters that it moves.
  public var parameters: [ParameterStore] { states.parameters }
  /// Moves every parameter once.
  public func step() { states.step(rate: learningRate) }
}

/// Steps along the gradient divided by the root of its running mean square (Hinton 2012):
/// v = α v + (1−α) g²; p −= rate · g / (√v + ε). PyTorch's `optim.RMSprop`.
public final class RMSprop: Optimizer {
  private let states: OptimizerStates
  /// The rate of the next step.
  public var learningRate: Float

  /// An optimizer with PyTorch's defaults.
  public init(
    _ parameters: [ParameterStore], learningRate: Float = 1e-2, alpha: Float = 0.99, epsilon: Float = 1e-8,
    momentum: Float = 0, weightDecay: Float = 0
  ) {
    self.learningRate = learningRate
    states = OptimizerStates(
      OptimizerSettings(
        kind: .rmsprop, beta2: alpha, epsilon: epsilon, weightDecay: weightDecay, momentum: momentum),
      for: parameters)
  }

  /// The parameters that it moves.
  public var parameters: [ParameterStore] { states.parameters }
  /// Moves every parameter once.
  public func step() { states.step(rate: learningRate) }
}

/// The state of an optimizer over several stores.
private struct OptimizerStates {
  let parameters: [ParameterStore]
  private let states: [OptimizerState]
  /// Of each store, what `OptimizerState.update` moves.
  private let slices: [[Range<Int>]]

  init(_ settings: OptimizerSettings, for parameters: [ParameterStore]) {
    self.parameters = parameters
    states = parameters.map { OptimizerState(settings, for: $0) }
    slices = zip(states, parameters).map { $0.slices(of: $1.flatCount).filter(\.isUpdated).map(\.range) }
  }

  func step(rate: Float) {
    for ((store, state), slices) in zip(zip(parameters, states), slices) {
      withEngineSettings {
        state.beginStep(store, gradients: store.gradients, scale: 1, rate: rate) { count, task in
          for number in 0..<count { task(number) }
        }
      }
      for slice in slices { state.update(slice, of: store, gradients: store.gradients, scale: 1, rate: rate) }
      store.noteChange()
    }
  }
}
