import RecurrentNN

extension EngineProblem {
  /// The problem solved by the engine through `RecurrentStack`, which lets no gradient in from beyond the chunk: those of
  /// the final states are left out.
  func solvedByStack() -> EngineAnswer<Float> { EngineRun(self).solve(self, withFinalGradients: false) }

  /// The problem solved by the engine's directions one by one, with the gradients of the final states.
  func solvedByDirections() -> EngineAnswer<Float> { EngineRun(self).solve(self, withFinalGradients: true) }
}

/// The engine's objects for problems of one shape and size, used twice so that nothing may count on fresh memory.
private final class EngineRun {
  private let store: ParameterStore
  private let gradients: ParameterStore
  private let weights: StackWeights
  private let stack: RecurrentStack
  private let inputRows: Buffer<Float>
  private let inputGradient: Buffer<Float>
  private let index: Buffer<Int32>?
  private var walk = Walk()

  init(_ problem: EngineProblem) {
    let shape = problem.shape
    let tableSize = problem.index == nil ? nil : problem.inputRows.count / shape.inputSize
    let capacity = Capacity(rowCount: problem.rowCount, batchSize: problem.batchSize, tableSize: tableSize)
    store = ParameterStore(shape.parameterShapes(prefix: "rnn."))
    gradients = ParameterStore(like: store)
    weights = StackWeights(store, shape, prefix: "rnn.", plan: PackingPlan(capacity: capacity, isTrained: true))
    stack = RecurrentStack(weights: weights, capacity: capacity)
    inputRows = Buffer(count: problem.inputRows.count)
    inputGradient = Buffer(count: problem.inputRows.count)
    index = problem.index.map { Buffer(count: $0.count) }
  }

  func solve(_ problem: EngineProblem, withFinalGradients: Bool) -> EngineAnswer<Float> {
    withEngineSettings {
      var other = EngineProblem(
        problem.shape, lengths: problem.lengths, tableSize: problem.index == nil ? nil : 1, seed: 99)
      other.inputRows += problem.inputRows[other.inputRows.count...]
      _ = run(other, withFinalGradients: withFinalGradients)
      return run(problem, withFinalGradients: withFinalGradients)
    }
  }

  private var directions: [RecurrentDirection] { stack.directions.flatMap(\.self) }

  private func run(_ problem: EngineProblem, withFinalGradients: Bool) -> EngineAnswer<Float> {
    set(problem)
    var answer = EngineAnswer<Float>()
    let input = LayerInput(
      rows: inputRows.view.matrix(problem.inputRows.count / problem.shape.inputSize, problem.shape.inputSize),
      index: index?.view)
    stack.forward(walk, input: input, dropout: nil)
    answer.values["output"] = stack.output(walk).view.array
    for (number, direction) in directions.enumerated() {
      answer.values["final hidden \(number)"] = direction.hidden.view.array
      if problem.shape.cell == .lstm { answer.values["final cell \(number)"] = direction.cell.view.array }
    }
    if withFinalGradients {
      runBack(problem)
    } else {
      stack.outputGradient(walk).view.copy(from: problem.outputGradient)
      stack.resetStateGradient()
      stack.backward(walk, inputGradient: gradientOfInput(problem), dropout: nil)
    }
    for task in weights.gradientTasks(shards: [stack], gradients: gradients, prefix: "rnn.") { task.run() }
    collectGradients(problem, into: &answer)
    return answer
  }

  private func set(_ problem: EngineProblem) {
    for (name, values) in problem.parameters { store.setValues(values, named: "rnn." + name) }
    for task in weights.refreshTasks { task() }
    walk.set(lengths: problem.lengths)
    for reset in problem.resets { walk.addReset(step: reset.step, row: reset.row) }
    inputRows.view.copy(from: problem.inputRows)
    if let values = problem.index { index?.view.copy(from: values) }
    for (number, direction) in directions.enumerated() {
      direction.hidden.view.copy(from: problem.initialHidden[number])
      if problem.shape.cell == .lstm { direction.cell.view.copy(from: problem.initialCell[number]) }
    }
  }

  private func gradientOfInput(_ problem: EngineProblem) -> Matrix {
    inputGradient.view.matrix(problem.inputRows.count / problem.shape.inputSize, problem.shape.inputSize)
  }

  /// `RecurrentStack.backward` by hand, with gradients from beyond the chunk.
  private func runBack(_ problem: EngineProblem) {
    let shape = problem.shape
    var gradient = Buffer<Float>(count: problem.rowCount * shape.outputSize)
    gradient.view.copy(from: problem.outputGradient)
    for layer in stack.directions.indices.reversed() {
      let below = Buffer<Float>(count: problem.rowCount * shape.inputSize(ofLayer: layer))
      let columns = gradient.view.matrix(problem.rowCount, shape.outputSize)
      for (number, direction) in stack.directions[layer].enumerated() {
        let state = layer * shape.directionCount + number
        direction.hiddenGradient.view.copy(from: problem.finalHiddenGradient[state])
        if shape.cell == .lstm { direction.cellGradient.view.copy(from: problem.finalCellGradient[state]) }
        direction.backward(
          walk, outputGradient: columns.columns(number * shape.stateSize..<(number + 1) * shape.stateSize),
          inputGradient: layer == 0
            ? gradientOfInput(problem) : below.view.matrix(problem.rowCount, shape.inputSize(ofLayer: layer)),
          accumulate: number > 0)
      }
      gradient = below
    }
  }

  private func collectGradients(_ problem: EngineProblem, into answer: inout EngineAnswer<Float>) {
    for name in problem.parameters.keys { answer.gradients[name] = gradients.values(named: "rnn." + name) }
    answer.gradients["input"] = inputGradient.view.array
    for (number, direction) in directions.enumerated() {
      answer.gradients["initial hidden \(number)"] = direction.hiddenGradient.view.array
      if problem.shape.cell == .lstm { answer.gradients["initial cell \(number)"] = direction.cellGradient.view.array }
    }
  }
}
