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
  /// The parameters that it moves.
  public let parameters: [ParameterStore]
  /// The rate of the next step.
  public var learningRate: Float
  private let moments: [AdamMoments]

  /// An optimizer with PyTorch's defaults.
  public convenience init(
    _ parameters: [ParameterStore], learningRate: Float = 1e-3, beta1: Float = 0.9, beta2: Float = 0.999,
    epsilon: Float = 1e-8, weightDecay: Float = 0
  ) {
    let settings = AdamSettings(
      kind: .adam, beta1: beta1, beta2: beta2, epsilon: epsilon, weightDecay: weightDecay)
    self.init(parameters, learningRate: learningRate, settings: settings)
  }

  init(_ parameters: [ParameterStore], learningRate: Float, settings: AdamSettings) {
    self.parameters = parameters
    self.learningRate = learningRate
    moments = parameters.map { AdamMoments(settings, for: $0) }
  }

  /// Moves every parameter once.
  public func step() {
    for (store, moments) in zip(parameters, moments) {
      moments.beginStep()
      moments.update(
        0..<store.flatCount, of: store, gradients: store.gradients, scale: 1, rate: learningRate)
      store.noteChange()
    }
  }
}

/// Adam with weight decay apart from the gradient (Loshchilov and Hutter 2019), PyTorch's `optim.AdamW`.
public final class AdamW: Optimizer {
  private let adam: Adam

  /// An optimizer with PyTorch's defaults.
  public init(
    _ parameters: [ParameterStore], learningRate: Float = 1e-3, beta1: Float = 0.9, beta2: Float = 0.999,
    epsilon: Float = 1e-8, weightDecay: Float = 0.01
  ) {
    adam = Adam(
      parameters, learningRate: learningRate,
      settings: AdamSettings(kind: .adamw, beta1: beta1, beta2: beta2, epsilon: epsilon, weightDecay: weightDecay))
  }

  /// The parameters that it moves.
  public var parameters: [ParameterStore] { adam.parameters }
  /// The rate of the next step.
  public var learningRate: Float {
    get { adam.learningRate }
    set { adam.learningRate = newValue }
  }
  /// Moves every parameter once.
  public func step() { adam.step() }
}

/// Steps along the gradient, with momentum if asked: v = μ v + g; p −= rate · v, or with Nesterov's rate · (g + μ v).
/// PyTorch's `optim.SGD`.
public final class SGD: Optimizer {
  /// The parameters that it moves.
  public let parameters: [ParameterStore]
  /// The rate of the next step.
  public var learningRate: Float
  private let momentum: Float
  private let isNesterov: Bool
  private let weightDecay: Float
  private let velocities: [ParameterStore]

  /// An optimizer with PyTorch's defaults.
  /// - Precondition: Nesterov's variant needs momentum.
  public init(
    _ parameters: [ParameterStore], learningRate: Float = 1e-3, momentum: Float = 0, nesterov: Bool = false,
    weightDecay: Float = 0
  ) {
    precondition(!nesterov || momentum > 0, "Nesterov's variant with momentum \(momentum): it must be positive")
    self.parameters = parameters
    self.learningRate = learningRate
    self.momentum = momentum
    isNesterov = nesterov
    self.weightDecay = weightDecay
    velocities = parameters.map { ParameterStore(like: $0) }
  }

  /// Moves every parameter once.
  public func step() {
    for (store, velocity) in zip(parameters, velocities) {
      let (p, g, v) = (store.flat, store.gradients.flat, velocity.flat)
      for index in 0..<p.count {
        let gradient = g[index] + weightDecay * p[index]
        // PyTorch begins with v = g, which is what v = μ · 0 + g gives.
        v[index] = momentum * v[index] + gradient
        p[index] -= learningRate * (isNesterov ? gradient + momentum * v[index] : v[index])
      }
      store.noteChange()
    }
  }
}

/// Steps along the gradient divided by the root of its running mean square (Hinton 2012):
/// v = α v + (1−α) g²; p −= rate · g / (√v + ε). PyTorch's `optim.RMSprop`.
public final class RMSprop: Optimizer {
  /// The parameters that it moves.
  public let parameters: [ParameterStore]
  /// The rate of the next step.
  public var learningRate: Float
  private let alpha: Float
  private let epsilon: Float
  private let momentum: Float
  private let weightDecay: Float
  private let squares: [ParameterStore]
  private let velocities: [ParameterStore]

  /// An optimizer with PyTorch's defaults.
  public init(
    _ parameters: [ParameterStore], learningRate: Float = 1e-2, alpha: Float = 0.99, epsilon: Float = 1e-8,
    momentum: Float = 0, weightDecay: Float = 0
  ) {
    self.parameters = parameters
    self.learningRate = learningRate
    self.alpha = alpha
    self.epsilon = epsilon
    self.momentum = momentum
    self.weightDecay = weightDecay
    squares = parameters.map { ParameterStore(like: $0) }
    velocities = parameters.map { ParameterStore(like: $0) }
  }

  /// Moves every parameter once.
  public func step() {
    for (place, store) in parameters.enumerated() {
      let (p, g) = (store.flat, store.gradients.flat)
      let (v, b) = (squares[place].flat, velocities[place].flat)
      for index in 0..<p.count {
        let gradient = g[index] + weightDecay * p[index]
        v[index] = alpha * v[index] + (1 - alpha) * gradient * gradient
        b[index] = momentum * b[index] + gradient / (v[index].squareRoot() + epsilon)
        p[index] -= learningRate * b[index]
      }
      store.noteChange()
    }
  }
}
