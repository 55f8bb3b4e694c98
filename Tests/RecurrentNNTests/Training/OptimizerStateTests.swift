import RecurrentNN
import TestSupport
import Testing

@Suite struct OptimizerStateTests {
  static let settings = OptimizerKind.allCases.flatMap { kind in
    [Float(0), 0.1].flatMap { decay in
      [Float(0), 0.6].map { momentum in
        OptimizerSettings(
          kind: kind, beta1: 0.8, beta2: 0.95, epsilon: 1e-3, weightDecay: decay, momentum: momentum,
          isNesterov: kind == .sgd && momentum > 0 && decay > 0)
      }
    }
  }

  @Test("updates of slices are the reference's", arguments: settings)
  func updates(_ settings: OptimizerSettings) {
    let store = ParameterStore([("a", [7, 5]), ("b", [40])])
    let gradients = ParameterStore(like: store)
    let optimizer = OptimizerState(settings, for: store)
    var reference = ReferenceOptimizer(settings, parameterCount: store.flatCount)
    var random = RandomValues(seed: 1)
    store.flat.copy(from: random.floats(store.flatCount))
    var expected = store.flat.array.map { Double($0) }
    for step in 0..<10 {
      gradients.flat.copy(from: random.floats(store.flatCount, bound: 2))
      let (scale, rate) = (Float(0.25), Float(0.01) * Float(step + 1))
      optimizer.beginStep(store, gradients: gradients, scale: scale, rate: rate) { count, task in
        for number in 0..<count { task(number) }
      }
      for slice in [0..<16, 16..<48, 48..<store.flatCount] {
        optimizer.update(slice, of: store, gradients: gradients, scale: scale, rate: rate)
      }
      let scaled = gradients.flat.array.map { Double($0 * scale) }
      reference.update(&expected, gradients: scaled, rate: Double(rate))
      #expect(relativeError(store.flat.array, expected) <= 1e-5, "step \(step), \(settings)")
    }
  }

  @Test(
    "clipping scales to the limit, and only what exceeds it",
    arguments: [(0.5, 1, 1), (2, 1, 0.5), (1e30, 1, 1e-30), (3, 0, 1), (0, 1, 1)] as [(Double, Float, Double)])
  func clipping(norm: Double, limit: Float, expected: Double) {
    #expect(abs(Double(clippingFactor(norm: norm, limit: limit)) / expected - 1) <= 1e-6)
  }
}
