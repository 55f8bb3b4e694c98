import RecurrentNN
import TestSupport
import Testing

@Suite struct DropoutTests {
  @Test("dropout of probability 0 changes no bit", arguments: [1, 3])
  func none(layerCount: Int) {
    let without = DroppedStack(layerCount: layerCount)
    let with = DroppedStack(layerCount: layerCount)
    #expect(without.run(nil) == with.run(plan(probability: 0)), "\(layerCount) layers")
    #expect(without.inputGradient == with.inputGradient, "\(layerCount) layers")
  }

  @Test("dropout of probability 1 gives zeros")
  func all() {
    let stack = DroppedStack(layerCount: 2)
    #expect(stack.run(plan(probability: 1)).allSatisfy { $0 == 0 })
    #expect(stack.inputGradient.allSatisfy { $0 == 0 })
  }

  @Test("kept outputs are divided by the probability to keep, and as many are kept", arguments: [0.1, 0.5, 0.9])
  func expectation(probability: Float) {
    let stack = DroppedStack(layerCount: 1)
    let whole = stack.run(nil)
    var keptCount = 0
    let timeStepCount = 40
    for step in 0..<timeStepCount {
      let dropped = stack.run(plan(probability: probability, step: step))
      keptCount += dropped.count { $0 != 0 }
      for (before, after) in zip(whole, dropped) where after != 0 {
        #expect(abs(after * (1 - probability) - before) <= 1e-6 * abs(before), "p \(probability), step \(step)")
      }
    }
    let count = Double(whole.count * timeStepCount)
    let p = Double(probability)
    let deviation = (p * (1 - p) * count).squareRoot()
    #expect(abs(Double(keptCount) - (1 - p) * count) <= 4 * deviation, "kept \(keptCount) of \(count) at p \(p)")
  }

  @Test("backward has forward's masks")
  func backward() {
    let stack = DroppedStack(layerCount: 1)
    let mask = stack.run(plan(probability: 0.4)).map { $0 == 0 ? 0 : 1 / (1 - Float(0.4)) }
    let gradient = stack.inputGradient
    let masked = DroppedStack(layerCount: 1)
    masked.outputGradient = zip(masked.outputGradient, mask).map { $0 * $1 }
    _ = masked.run(nil)
    #expect(relativeError(gradient, masked.inputGradient) <= 1e-6)
  }

  @Test("a mask depends on seed, step, layer, time, row and feature")
  func keys() {
    let stack = DroppedStack(layerCount: 1)
    func mask(_ output: [Float]) -> [Bool] { output.map { $0 == 0 } }
    let base = mask(stack.run(plan()))
    #expect(mask(stack.run(plan())) == base, "the same keys")
    #expect(mask(stack.run(plan(seed: 2))) != base, "another seed")
    #expect(mask(stack.run(plan(step: 1))) != base, "another step")
    #expect(mask(DroppedStack(layerCount: 2).run(plan())) != base, "another layer")
    #expect(mask(stack.run(plan(firstRow: 1))) != base, "another row")
    let width = stack.outputSize
    let rows = (0..<base.count / width).map { Array(base[$0 * width..<($0 + 1) * width]) }
    #expect(Set(rows).count == rows.count, "no two rows alike")
  }

  @Test("a locked mask is a row's for all time steps, and changes with row, layer and step")
  func locked() {
    let width = 18
    func masks(step: Int = 0, layerCount: Int = 1) -> [[Bool]] {
      var plan = plan(step: step)
      plan.isLocked = true
      let output = DroppedStack(layerCount: layerCount).run(plan).map { $0 == 0 }
      return (0..<output.count / width).map { Array(output[$0 * width..<($0 + 1) * width]) }
    }
    let base = masks()
    for (place, mask) in base.enumerated() { #expect(mask == base[place % 6], "row \(place % 6), time \(place / 6)") }
    #expect(Set(base).count == 6, "each row has its own")
    #expect(Set(base).isDisjoint(with: masks(step: 1)) && Set(base).isDisjoint(with: masks(layerCount: 2)))
  }

  @Test("no two places of a run have the same key")
  func distinctKeys() {
    var keys: Set<UInt64> = []
    for (step, layer) in (0..<20).flatMap({ step in (0..<4).map { (step, $0) } }) {
      let key = MaskKey(seed: 1, step: step, layer: layer)
      for time in 0..<10 { for row in 0..<8 { keys.insert(key.key(time: time, row: row)) } }
      for row in 0..<8 { keys.insert(key.key(row: row)) }
      for isReverse in [false, true] {
        let weight = MaskKey(weightWithSeed: 1, step: step, layer: layer, isReverse: isReverse)
        for row in 0..<8 { keys.insert(weight.key(row: row)) }
      }
    }
    for step in 0..<20 {
      for token in 0..<8 { keys.insert(MaskKey(embeddingWithSeed: 1, step: step).key(row: token)) }
    }
    #expect(keys.count == 20 * 4 * (10 + 1 + 2) * 8 + 20 * 8)
  }

  @Test("rows have the same masks in any shard", arguments: [1, 2, 5])
  func shards(split: Int) {
    let plan = plan(seed: 3, step: 9)
    let whole = DroppedStack(layerCount: 2).run(plan)
    let width = DroppedStack(layerCount: 2).outputSize
    for rows in [0..<split, split..<6] {
      let shard = DroppedStack(layerCount: 2, rows: rows)
      let output = shard.run(self.plan(seed: 3, step: 9, firstRow: rows.lowerBound))
      let places = (0..<DroppedStack.timeStepCount).flatMap { step in rows.map { step * 6 + $0 } }
      let expected = whole.picked(places, width)
      #expect(output.map { $0 == 0 } == expected.map { $0 == 0 }, "rows \(rows)")
      #expect(relativeError(output, expected) <= 1e-6, "rows \(rows)")
    }
  }

  private func plan(probability: Float = 0.5, seed: UInt64 = 1, step: Int = 0, firstRow: Int = 0) -> DropoutPlan {
    DropoutPlan(probability: probability, seed: seed, step: step, firstRow: firstRow)
  }
}

/// A tanh stack, whose outputs are never zero of themselves, over some rows of a batch of six.
private final class DroppedStack {
  static let timeStepCount = 5
  var outputGradient: [Float]
  private(set) var inputGradient: [Float] = []

  private let shape: RecurrentShape
  private let weights: StackWeights
  private let stack: RecurrentStack
  private let input: Buffer<Float>
  private let gradient: Buffer<Float>
  private var walk = Walk()

  init(layerCount: Int, rows: Range<Int> = 0..<6) {
    shape = RecurrentShape(cell: .rnn, inputSize: 4, hiddenSize: 18, layerCount: layerCount)
    let store = ParameterStore(shape.parameterShapes(prefix: ""))
    var random = RandomValues(seed: 5)
    for layout in store.layouts { store.setValues(random.floats(layout.count, bound: 0.3), named: layout.name) }
    let count = Self.timeStepCount * rows.count
    let capacity = Capacity(rowCount: count, batchSize: rows.count)
    weights = StackWeights(store, shape, prefix: "", plan: PackingPlan(capacity: capacity, isTrained: true))
    for task in weights.refreshTasks { task() }
    stack = RecurrentStack(weights: weights, capacity: capacity)
    walk.setUniform(timeStepCount: Self.timeStepCount, batchSize: rows.count)
    let places = (0..<Self.timeStepCount).flatMap { step in rows.map { step * 6 + $0 } }
    input = Buffer(count: count * 4)
    input.view.copy(from: random.floats(Self.timeStepCount * 6 * 4).picked(places, 4))
    gradient = Buffer(count: count * 4)
    outputGradient = random.floats(Self.timeStepCount * 6 * 18).picked(places, 18)
  }

  var outputSize: Int { shape.outputSize }

  /// Forward and backward from the zero state; returns the output.
  func run(_ plan: DropoutPlan?) -> [Float] {
    withEngineSettings {
      stack.resetState()
      stack.forward(walk, input: LayerInput(rows: input.view.matrix(walk.rowCount, 4)), dropout: plan)
      let output = stack.output(walk).view.array
      stack.outputGradient(walk).view.copy(from: outputGradient)
      stack.resetStateGradient()
      stack.backward(walk, inputGradient: gradient.view.matrix(walk.rowCount, 4), dropout: plan)
      inputGradient = gradient.view.array
      return output
    }
  }
}
