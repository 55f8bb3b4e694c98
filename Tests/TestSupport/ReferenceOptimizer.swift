import RecurrentNN

/// The optimizers by their equations, in Double, over all parameters at once.
///
///     SGD      g += wd p;  v = μ v + g;            p −= rate (g + μ v) by Nesterov, rate v without
///     RMSprop  g += wd p;  v = α v + (1−α) g²;  b = μ b + g / (√v + ε);  p −= rate b
///     Adam     g += wd p (AdamW: p −= rate wd p);  m = β1 m + (1−β1) g;  v = β2 v + (1−β2) g²
///              p −= rate m̂ / (√v̂ + ε)  with m̂ = m / (1−β1ᵗ), v̂ = v / (1−β2ᵗ)
package struct ReferenceOptimizer {
  private let settings: OptimizerSettings
  private var timeStepCount = 0
  /// m of Adam, v of SGD, b of RMSprop.
  private var first: [Double]
  /// The mean of squared gradients.
  private var second: [Double]

  package init(_ settings: OptimizerSettings, parameterCount: Int) {
    self.settings = settings
    first = [Double](repeating: 0, count: parameterCount)
    second = first
  }

  /// One update.
  package mutating func update(_ parameters: inout [Double], gradients: [Double], rate: Double) {
    timeStepCount += 1
    for index in parameters.indices {
      parameters[index] = moved(parameters[index], gradient: gradients[index], at: index, rate: rate)
    }
  }

  private mutating func moved(_ parameter: Double, gradient: Double, at index: Int, rate: Double) -> Double {
    let (beta1, beta2) = (Double(settings.beta1), Double(settings.beta2))
    let (momentum, epsilon) = (Double(settings.momentum), Double(settings.epsilon))
    let decay = Double(settings.weightDecay)
    let isDecoupled = settings.kind == .adamw || settings.kind == .soap
    let g = isDecoupled ? gradient : gradient + decay * parameter
    switch settings.kind {
    case .sgd:
      first[index] = momentum * first[index] + g
      return parameter - rate * (settings.isNesterov ? g + momentum * first[index] : first[index])
    case .rmsprop:
      second[index] = beta2 * second[index] + (1 - beta2) * g * g
      first[index] = momentum * first[index] + g / (second[index].squareRoot() + epsilon)
      return parameter - rate * first[index]
    case .adam, .adamw, .soap:
      first[index] = beta1 * first[index] + (1 - beta1) * g
      second[index] = beta2 * second[index] + (1 - beta2) * g * g
      let (m, v) = (first[index] / (1 - power(beta1)), second[index] / (1 - power(beta2)))
      let kept = isDecoupled ? parameter * (1 - rate * decay) : parameter
      return kept - rate * m / (v.squareRoot() + epsilon)
    }
  }

  private func power(_ base: Double) -> Double { (0..<timeStepCount).reduce(1) { power, _ in power * base } }
}
