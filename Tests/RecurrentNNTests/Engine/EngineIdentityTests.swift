import RecurrentNN
import TestSupport
import Testing

/// What must be equal because it is the same thing said in two ways.
@Suite struct EngineIdentityTests {
  @Test("a packed sequence gives what it gives alone and unpadded", arguments: EngineCase.shapes)
  func packed(_ shape: RecurrentShape) {
    let problem = EngineProblem(shape, lengths: [7, 4, 4, 1], hasFinalGradients: true)
    let together = problem.solvedByDirections()
    for sequence in problem.lengths.indices {
      let range = sequence..<sequence + 1
      let alone = problem.slice(sequences: range, times: 0..<7).solvedByDirections()
      let rows = problem.rows(sequences: range, times: 0..<7)
      for (name, values) in alone.values.merging(alone.gradients.states, uniquingKeysWith: { $1 }) {
        let all = together.values[name] ?? together.gradients[name] ?? []
        let part = all.picked(name == "output" ? rows : [sequence], shape.width(of: name))
        #expect(relativeError(part, values) <= 1e-6, "\(name) of sequence \(sequence), \(shape)")
      }
      let input = (together.gradients["input"] ?? []).picked(rows, shape.inputSize)
      #expect(relativeError(input, alone.gradients["input"] ?? []) <= 1e-5, "input of sequence \(sequence), \(shape)")
    }
  }

  @Test("a reset is the beginning of a new sequence", arguments: EngineCase.shapes)
  func resets(_ shape: RecurrentShape) {
    let resets = (0..<3).map { Walk.Reset(step: 2, row: $0) }
    let whole = EngineProblem(shape, lengths: [5, 5, 5], resets: resets, hasFinalGradients: true)
    // The forward direction takes the initial state into the first part and the final state from the second.
    let first = whole.slice(sequences: 0..<3, times: 0..<2)
      .withoutInitialStates(ofReverse: true).withoutFinalGradients(ofReverse: false)
    let second = whole.slice(sequences: 0..<3, times: 2..<5)
      .withoutInitialStates(ofReverse: false).withoutFinalGradients(ofReverse: true)
    let (answer, before, after) = (whole.solvedByDirections(), first.solvedByDirections(), second.solvedByDirections())

    func expectEqual(_ actual: [Float]?, _ expected: [Float]?, _ tolerance: Double, _ what: String) {
      #expect(relativeError(actual ?? [.nan], expected ?? []) <= tolerance, "\(what), \(shape)")
    }
    expectEqual(
      answer.values["output"], (before.values["output"] ?? []) + (after.values["output"] ?? []), 1e-6, "output")
    for number in whole.initialHidden.indices {
      let (start, end) = whole.isReverse(state: number) ? (after, before) : (before, after)
      for kind in shape.cell == .lstm ? ["hidden", "cell"] : ["hidden"] {
        let (initial, final) = ("initial \(kind) \(number)", "final \(kind) \(number)")
        expectEqual(answer.values[final], end.values[final], 1e-6, final)
        expectEqual(answer.gradients[initial], start.gradients[initial], 1e-5, initial)
      }
    }
    for name in whole.parameters.keys {
      expectEqual(
        answer.gradients[name], before.gradients[name]?.added(to: after.gradients[name] ?? []), 1e-5, name)
    }
  }

  @Test("a batch of no sequences gives nothing and gradients of zero", arguments: EngineCase.shapes)
  func emptyBatch(_ shape: RecurrentShape) {
    let answer = EngineProblem(shape, lengths: []).solvedByStack()
    #expect(answer.values.values.allSatisfy { $0.isEmpty }, "\(shape)")
    #expect(answer.gradients.values.joined().allSatisfy { $0 == 0 }, "\(shape)")
  }

  @Test("a reset at every step leaves nothing of the states")
  func resetsEverywhere() {
    for example in EngineCase.shapes where !example.isBidirectional {
      let resets = (0..<4).flatMap { step in (0..<3).map { Walk.Reset(step: step, row: $0) } }
      let problem = EngineProblem(example, lengths: [4, 4, 4], resets: resets)
      let answer = problem.solvedByStack()
      for name in answer.gradients.keys where name.hasPrefix("initial") || name.hasPrefix("weight_hh") {
        #expect(answer.gradients[name]?.allSatisfy { $0 == 0 } ?? false, "\(name), \(example)")
      }
    }
  }
}

extension RecurrentShape {
  /// The columns of what an answer calls `name`.
  fileprivate func width(of name: String) -> Int {
    name == "output" ? outputSize : name.contains("cell") ? hiddenSize : stateSize
  }
}

extension [String: [Float]] {
  fileprivate var states: [String: [Float]] { filter { $0.key.hasPrefix("initial") } }
}
