import RecurrentNN
import TestSupport
import Testing

@Suite struct WeightDropTests {
  @Test("a weight that loses nothing is the weight, and its gradient the same, to the bit")
  func none() {
    let (with, without) = (DroppingStack(.gru), DroppingStack(.gru, drops: false))
    with.run(WeightDropPlan(probability: 0, seed: 1, step: 0))
    without.run(nil)
    #expect(with.output == without.output)
    #expect(with.gradients.flat.array == without.gradients.flat.array)
  }

  @Test("the run and its gradients are those of a stack whose W_hh are masked", arguments: CellKind.allCases)
  func masked(_ cell: CellKind) {
    let dropping = DroppingStack(cell)
    let plan = WeightDropPlan(probability: 0.4, seed: 3, step: 8)
    dropping.run(plan)
    let masked = DroppingStack(cell, drops: false)
    for (name, mask) in dropping.masks(plan) {
      masked.store.setValues(zip(masked.store.values(named: name), mask).map { $0 * $1 }, named: name)
    }
    masked.run(nil)
    #expect(dropping.output == masked.output)
    let masks = dropping.masks(plan)
    for layout in dropping.store.layouts {
      let expected = masked.gradients.values(named: layout.name)
      let mask = masks[layout.name] ?? expected.map { _ in 1 }
      let through = zip(expected, mask).map { $0 * $1 }
      #expect(dropping.gradients.values(named: layout.name) == through, "\(layout.name)")
    }
    let fresh = DroppingStack(cell)
    #expect(dropping.store.flat.array == fresh.store.flat.array, "the parameters stay")
  }

  @Test("elements are dropped with the probability, and each weight, step and seed has another mask")
  func statistics() {
    let stack = DroppingStack(.lstm)
    var seen: Set<[Float]> = []
    var (zeroCount, count) = (0, 0)
    for (seed, step) in [(1, 0), (1, 1), (2, 0)] {
      for mask in stack.masks(WeightDropPlan(probability: 0.3, seed: UInt64(seed), step: step)).values {
        seen.insert(mask)
        zeroCount += mask.count { $0 == 0 }
        count += mask.count
        #expect(mask.allSatisfy { $0 == 0 || $0 == 1 / (1 - Float(0.3)) })
      }
    }
    #expect(seen.count == 3 * 4)
    let deviation = (0.3 * 0.7 * Double(count)).squareRoot()
    #expect(abs(Double(zeroCount) - 0.3 * Double(count)) < 4 * deviation, "\(zeroCount) of \(count)")
  }
}

/// Two layers in both directions over a small batch.
private final class DroppingStack {
  let store: ParameterStore
  let gradients: ParameterStore
  private(set) var output: [Float] = []
  private let shape: RecurrentShape
  private let weights: StackWeights
  private let stack: RecurrentStack
  private let input = Buffer<Float>(count: 5 * 3 * 4)
  private var walk = Walk()

  init(_ cell: CellKind, drops: Bool = true) {
    shape = RecurrentShape(cell: cell, inputSize: 4, hiddenSize: 17, layerCount: 2, isBidirectional: true)
    store = ParameterStore(shape.parameterShapes(prefix: ""))
    gradients = ParameterStore(like: store)
    var random = RandomValues(seed: 5)
    for layout in store.layouts { store.setValues(random.floats(layout.count, bound: 0.3), named: layout.name) }
    input.view.copy(from: random.floats(input.count))
    let capacity = Capacity(rowCount: 15, batchSize: 3)
    var plan = PackingPlan(capacity: capacity, isTrained: true)
    plan.dropsWeights = drops
    weights = StackWeights(store, shape, prefix: "", plan: plan)
    stack = RecurrentStack(weights: weights, capacity: capacity)
    walk.setUniform(timeStepCount: 5, batchSize: 3)
  }

  /// Forward, and backward from the outputs as their own gradient.
  func run(_ plan: WeightDropPlan?) {
    withEngineSettings {
      if let plan { weights.drop(plan) }
      for task in weights.dropTasks + weights.refreshTasks { task() }
      stack.resetState()
      stack.forward(walk, input: LayerInput(rows: input.view.matrix(15, 4)), dropout: nil)
      output = stack.output(walk).view.array
      stack.outputGradient(walk).view.copy(from: output)
      stack.resetStateGradient()
      stack.backward(walk, inputGradient: nil, dropout: nil)
      for task in weights.gradientTasks(shards: [stack], gradients: gradients, prefix: "") { task.run() }
    }
  }

  /// By the names of the weights: what each element is multiplied by.
  func masks(_ plan: WeightDropPlan) -> [String: [Float]] {
    var masks: [String: [Float]] = [:]
    for (layer, isReverse) in [(0, false), (0, true), (1, false), (1, true)] {
      let name = "weight_hh" + shape.suffix(layer: layer, isReverse: isReverse)
      let (rows, columns) = (shape.gateSize, shape.stateSize)
      let (ones, keys) = (Buffer<Float>(count: rows * columns), Buffer<UInt64>(count: rows))
      ones.view.fill(1)
      let stem = MaskKey(weightWithSeed: plan.seed, step: plan.step, layer: layer, isReverse: isReverse)
      for row in 0..<rows { keys.view[row] = stem.key(row: row) }
      Kernels.active.dropout(ones.view.matrix(rows, columns), probability: plan.probability, keys: keys.view)
      masks[name] = ones.view.array
    }
    return masks
  }
}
