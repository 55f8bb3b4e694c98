import RecurrentNN
import TestSupport
import Testing

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// Numbers at the edges of float32, against the reference in Double. As all tests of the engine, they run on each
/// instruction set (`make test`).
@Suite struct ExtremeNumberTests {
  static let shapes = EngineCase.shapes.filter { $0.layerCount == 1 && !$0.hasLayerNorm }

  /// What a mogrifier makes of an input is no multiple of anything, so that its sums are not exact.
  private static let exactShapes = shapes.filter { !$0.hasMogrifier }

  /// Inputs that are multiples of 512 up to 10,240 and weights that are multiples of 1/8 have exact products, so that a
  /// gate's sum is either 0 or at least 64 from it: what is compared is the gates, not the rounding of their sums. Where
  /// a gate is saturated, gradients of e⁻⁶⁴ may be zeros: differences are relative to 1.
  @Test("sums of ±10,000 before the gates", arguments: exactShapes)
  func large(_ shape: RecurrentShape) {
    var problem = EngineProblem(shape, lengths: [3, 3, 2])
    problem.inputRows = problem.inputRows.map { ($0 * 20).rounded() * 512 }
    for (name, values) in problem.parameters where name.hasPrefix("weight_ih") {
      problem.parameters[name] = values.map { ($0 * 16).rounded() / 8 }
    }
    let differences = problem.solvedByStack().differences(from: problem.solvedByReference(), floor: 1)
    #expect(differences.isEmpty, "\(shape)")
  }

  /// Denormals are flushed to zero, 1.2e-38 at most, and multiplied by sums of some tens: 1e-35 is 1e-5 of the floor.
  /// relu has no slope at zero, so that without a bias its gradients are those of zeros, and only values are compared.
  @Test("inputs and states that are denormals count as themselves or as zeros", arguments: shapes)
  func denormal(_ shape: RecurrentShape) {
    var problem = EngineProblem(shape, lengths: [3, 3, 2])
    problem.inputRows = problem.inputRows.map { $0 * 0x1p-130 }
    problem.initialHidden = problem.initialHidden.map { $0.map { $0 * 0x1p-130 } }
    problem.initialCell = problem.initialCell.map { $0.map { $0 * 0x1p-130 } }
    var (actual, expected) = (problem.solvedByStack(), problem.solvedByReference())
    if shape.nonlinearity == .relu, !shape.hasBias { (actual.gradients, expected.gradients) = ([:], [:]) }
    let differences = actual.differences(from: expected, floor: 1e-30)
    #expect(differences.isEmpty, "\(shape)")
  }

  /// Rounding errors of 10,000 steps do not add up where the state forgets; gradients of weights are sums over all.
  @Test(
    "a sequence of 10,000 time steps",
    arguments: [(CellKind.lstm, Nonlinearity.tanh), (.gru, .tanh), (.rnn, .tanh), (.rnn, .relu)])
  func long(_ cell: CellKind, _ nonlinearity: Nonlinearity) {
    let shape = RecurrentShape(
      cell: cell, nonlinearity: nonlinearity, inputSize: 2, hiddenSize: 3, layerCount: 1, hasBias: true,
      isBidirectional: false, projectionSize: 0)
    var problem = EngineProblem(shape, lengths: [10_000, 17])
    if nonlinearity == .relu {
      // Half of what keeps its size, so that it does not grow beyond all bounds.
      for (name, values) in problem.parameters { problem.parameters[name] = values.map { $0 / 3 } }
    }
    let differences = problem.solvedByStack().differences(from: problem.solvedByReference())
    #expect(differences.isEmpty, "\(cell) \(nonlinearity)")
  }

  /// −log softmax and its gradient, in Double.
  private func reference(_ logits: [Float], _ target: Int) -> (loss: Double, gradient: [Double]) {
    let largest = Double(logits.max() ?? 0)
    let sum = logits.reduce(0) { $0 + exp(Double($1) - largest) }
    let gradient = logits.indices.map { exp(Double(logits[$0]) - largest) / sum - ($0 == target ? 1 : 0) }
    return (log(sum) + largest - Double(logits[target]), gradient)
  }

  static let logits: [(name: String, values: [Float], target: Int)] = [
    ("one-hot, right", [0, 0, 1e4, 0, 0], 2), ("one-hot, wrong", [0, 0, 1e4, 0, 0], 0),
    ("opposite", [1e4, -1e4], 1), ("opposite, right", [1e4, -1e4], 0), ("equal", [1e4, 1e4, 1e4], 1),
    ("equal, low", [-1e4, -1e4, -1e4, -1e4], 3), ("all alike but one", [-1e4, -1e4, -9999, -1e4], 0),
    ("denormals", [0x1p-133, -0x1p-133, 0x1p-149, 0], 1), ("zeros", [Float](repeating: 0, count: 1000), 999),
    ("falling", (0..<300).map { -Float($0) * 50 }, 7), ("near", [1e4, 9_999.999], 1),
  ]

  /// A loss of 10,000 has float32's rounding, 6e-8 of it; one near 0 that of a number near 1.
  @Test("losses, their gradients and softmax at ±10,000, one-hot and of denormals", arguments: logits)
  func losses(_ example: (name: String, values: [Float], target: Int)) throws {
    let expected = reference(example.values, example.target)
    let logits = Tensor(example.values, shape: [1, example.values.count]).recorded()
    let loss = crossEntropy(logits, [example.target])
    loss.backward()
    #expect(relativeError(loss.values, [expected.loss], floor: 1) <= 2e-7, "\(example.name)")
    let gradient = try #require(logits.gradient).values
    #expect(relativeError(gradient, expected.gradient, floor: 1) <= 2e-7, "\(example.name)")
    let probabilities = expected.gradient.enumerated().map { $1 + ($0 == example.target ? 1 : 0) }
    #expect(relativeError(logits.softmax().values, probabilities, floor: 1) <= 2e-7, "\(example.name)")
  }
}
