@testable import RecurrentNN
import TestSupport
import Testing

@Suite struct OptimizerGoldenTests {
  static let names = [
    "sgd", "sgd-decay", "sgd-momentum", "sgd-nesterov", "adam", "adam-decay", "adamw", "adamw-decay", "rmsprop",
    "rmsprop-momentum",
  ]

  private func optimizer(_ name: String, _ stores: [ParameterStore]) -> any Optimizer {
    switch name {
    case "sgd": SGD(stores, learningRate: 0.1)
    case "sgd-decay": SGD(stores, learningRate: 0.1, weightDecay: 0.2)
    case "sgd-momentum": SGD(stores, learningRate: 0.1, momentum: 0.9)
    case "sgd-nesterov": SGD(stores, learningRate: 0.1, momentum: 0.9, nesterov: true, weightDecay: 0.2)
    case "adam": Adam(stores)
    case "adam-decay":
      Adam(stores, learningRate: 0.05, beta1: 0.8, beta2: 0.95, epsilon: 1e-3, weightDecay: 0.2)
    case "adamw": AdamW(stores)
    case "adamw-decay":
      AdamW(stores, learningRate: 0.05, beta1: 0.8, beta2: 0.95, epsilon: 1e-3, weightDecay: 0.2)
    case "rmsprop": RMSprop(stores)
    default: RMSprop(stores, learningRate: 0.05, alpha: 0.9, epsilon: 1e-3, momentum: 0.5, weightDecay: 0.2)
    }
  }

  private func stores() -> [ParameterStore] {
    [ParameterStore([("weight", [3, 4])]), ParameterStore([("weight", [5])])]
  }

  private func setGradients(_ golden: Golden, step: Int, of stores: [ParameterStore]) throws {
    for (place, store) in stores.enumerated() {
      store.gradients.setValues(try golden.tensor("gradient/\(step)/\(place)").values, named: "weight")
    }
  }

  @Test("five steps of an optimizer are PyTorch's", arguments: names)
  func steps(_ name: String) throws {
    let golden = try GoldenFile("optimizers").golden(name)
    let stores = stores()
    for (place, store) in stores.enumerated() {
      store.setValues(try golden.tensor("0/\(place)").values, named: "weight")
    }
    let optimizer = optimizer(name, stores)
    for step in 1...5 {
      try setGradients(golden, step: step, of: stores)
      optimizer.step()
      for (place, store) in stores.enumerated() {
        let expected = try golden.tensor("\(step)/\(place)").values
        #expect(relativeError(store.values(named: "weight"), expected) <= 1e-5, "step \(step)")
      }
    }
  }

  @Test("clipping is PyTorch's", arguments: ["clip-norm", "clip-norm-loose", "clip-value"])
  func clipping(_ name: String) throws {
    let golden = try GoldenFile("optimizers").golden(name)
    let stores = stores()
    try setGradients(golden, step: 1, of: stores)
    let limit = try golden.tensor("limit").item
    if name == "clip-value" {
      try clipGradientValue(stores, to: limit)
    } else {
      let norm = try clipGradientNorm(stores, to: limit)
      #expect(relativeError([norm], [try golden.tensor("norm").item]) <= 1e-5)
    }
    for (place, store) in stores.enumerated() {
      try golden.expect(store.gradient(named: "weight"), "1/\(place)", 1e-5)
    }
  }

  @Test("a gradient that is not finite is reported by name, and nothing is changed", arguments: [Float.nan, .infinity])
  func notFinite(_ value: Float) {
    let store = ParameterStore([("a", [2]), ("b", [2])])
    store.gradients.setValues([3, 4], named: "a")
    store.gradients.setValues([0, value], named: "b")
    let error = GradientNotFinite(parameter: "b")
    #expect(error.description == "the gradient of b is not finite")
    #expect(throws: error) { try clipGradientNorm([store], to: 1) }
    #expect(throws: error) { try clipGradientValue([store], to: 1) }
    #expect(store.gradient(named: "a").values == [3, 4])
  }
}
