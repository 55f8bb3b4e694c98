#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// Adam and AdamW in Double, as PyTorch defines them (PARITY.md).
package struct ReferenceAdam {
  package var beta1: Double
  package var beta2: Double
  package var epsilon: Double
  package var weightDecay: Double
  /// AdamW: the decay acts on the parameter, not through the gradient.
  package var isDecoupled: Bool
  private var stepCount = 0
  private var m: [Double] = []
  private var v: [Double] = []

  package init(beta1: Double, beta2: Double, epsilon: Double, weightDecay: Double, isDecoupled: Bool) {
    self.beta1 = beta1
    self.beta2 = beta2
    self.epsilon = epsilon
    self.weightDecay = weightDecay
    self.isDecoupled = isDecoupled
  }

  /// One update.
  package mutating func update(_ parameters: inout [Double], gradients: [Double], rate: Double) {
    if m.isEmpty {
      m = parameters.map { _ in 0 }
      v = m
    }
    stepCount += 1
    let t = Double(stepCount)
    for i in parameters.indices {
      var g = gradients[i]
      if isDecoupled { parameters[i] *= 1 - rate * weightDecay } else { g += weightDecay * parameters[i] }
      m[i] = beta1 * m[i] + (1 - beta1) * g
      v[i] = beta2 * v[i] + (1 - beta2) * g * g
      let denominator = v[i].squareRoot() / (1 - pow(beta2, t)).squareRoot() + epsilon
      parameters[i] -= rate / (1 - pow(beta1, t)) * m[i] / denominator
    }
  }
}
