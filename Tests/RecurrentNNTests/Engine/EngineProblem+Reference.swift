import RecurrentNN
import TestSupport

extension EngineProblem {
  /// The problem solved by the reference.
  func solvedByReference() -> EngineAnswer<Double> {
    let solution = ReferenceSolution(self)
    var answer = EngineAnswer<Double>()
    let tape = solution.tape
    answer.values["output"] = tape.values(solution.outputs)
    for number in solution.finalHidden.indices {
      answer.values["final hidden \(number)"] = tape.values(solution.finalHidden[number])
      if shape.cell == .lstm { answer.values["final cell \(number)"] = tape.values(solution.finalCell[number]) }
    }
    tape.differentiate(solution.objective)
    for (name, terms) in solution.given { answer.gradients[name] = tape.gradients(terms) }
    return answer
  }

  /// What the gradients are gradients of: Σ of all results times the gradients that reach them.
  /// - Parameters:
  ///   - name: what is moved, as `EngineAnswer.gradients` names it.
  ///   - displacement: by how much, element by element.
  func objectiveOfReference(moving name: String, by displacement: [Double]) -> Double {
    let solution = ReferenceSolution(self, moving: (name, displacement))
    return solution.tape.value(solution.objective)
  }
}

/// A problem on the tape.
private struct ReferenceSolution {
  let tape = Tape()
  /// Everything that has a gradient, by name.
  let given: [String: [Term]]
  /// (N, D·R).
  var outputs: [Term] = []
  /// By layer · directions + direction: (B, R) and (B, H).
  var finalHidden: [[Term]]
  var finalCell: [[Term]]
  var objective: Term

  init(_ problem: EngineProblem, moving moved: (name: String, displacement: [Double])? = nil) {
    let (tape, shape) = (tape, problem.shape)
    var given: [String: [Term]] = [:]
    func terms(_ values: [Float], _ name: String) -> [Term] {
      var numbers = values.map { Double($0) }
      if let moved, moved.name == name { for (i, step) in moved.displacement.enumerated() { numbers[i] += step } }
      let terms = tape.variables(numbers)
      given[name] = terms
      return terms
    }
    var parameters: [String: [Term]] = [:]
    for (name, values) in problem.parameters { parameters[name] = terms(values, name) }
    let inputs = terms(problem.inputRows, "input")
    let hidden = problem.initialHidden.enumerated().map { terms($0.element, "initial hidden \($0.offset)") }
    let cell = problem.initialCell.enumerated().map { terms($0.element, "initial cell \($0.offset)") }
    self.given = given

    let stack = ReferenceStack(
      cell: .init(shape.cell, shape.nonlinearity), hiddenSize: shape.hiddenSize, layerCount: shape.layerCount,
      isBidirectional: shape.isBidirectional, parameters: parameters)
    func part(_ row: Int, of terms: [Term], _ size: Int) -> [Term] { Array(terms[row * size..<(row + 1) * size]) }
    var rows = [[Term]](repeating: [], count: problem.rowCount)
    finalHidden = [[Term]](repeating: [], count: hidden.count)
    finalCell = [[Term]](repeating: [], count: hidden.count)
    for (number, length) in problem.lengths.enumerated() {
      let places = (0..<length).map { problem.row(of: number, at: $0) }
      let result = stack.run(
        ReferenceStack.Sequence(
          inputs: places.map { part(problem.inputRow(of: $0), of: inputs, shape.inputSize) },
          initialHidden: hidden.map { part(number, of: $0, shape.stateSize) },
          initialCell: cell.map { part(number, of: $0, shape.hiddenSize) },
          beginnings: Set(problem.resets.filter { $0.row == number }.map(\.step))), on: tape)
      for (place, output) in zip(places, result.outputs) { rows[place] = output }
      for state in hidden.indices {
        finalHidden[state] += result.finalHidden[state]
        finalCell[state] += result.finalCell[state]
      }
    }
    outputs = rows.flatMap(\.self)
    func doubles(_ values: [[Float]]) -> [Double] { values.joined().map { Double($0) } }
    objective = tape.weightedSum(
      outputs + finalHidden.joined() + finalCell.joined(),
      doubles([problem.outputGradient] + problem.finalHiddenGradient + problem.finalCellGradient))
  }
}
