import RecurrentNN
import TestSupport

/// One recurrence to compute: a stack, a walk, all numbers, and the gradients that reach its results.
struct EngineProblem {
  var shape: RecurrentShape
  /// By sequence, falling.
  var lengths: [Int]
  var resets: [Walk.Reset]
  /// For each chunk row its input row, where the first layer has a table; else nil.
  var index: [Int32]?

  /// Row-major.
  var parameters: [String: [Float]] = [:]
  var inputRows: [Float] = []
  /// By layer · directions + direction: (B, R) and (B, H).
  var initialHidden: [[Float]] = []
  var initialCell: [[Float]] = []
  /// (N, D·R), and by layer · directions + direction (B, R) and (B, H).
  var outputGradient: [Float] = []
  var finalHiddenGradient: [[Float]] = []
  var finalCellGradient: [[Float]] = []

  /// A problem with random numbers; states and biases are not zero.
  /// - Parameters:
  ///   - tableSize: the number of rows of the first layer's table; nil for dense input.
  ///   - hasFinalGradients: whether gradients reach the final states as well as the outputs.
  init(
    _ shape: RecurrentShape, lengths: [Int], resets: [Walk.Reset] = [], tableSize: Int? = nil,
    hasFinalGradients: Bool = false, seed: Int = 1
  ) {
    self.shape = shape
    self.lengths = lengths
    self.resets = resets
    var random = RandomValues(seed: seed)
    let (rowCount, batchSize) = (lengths.reduce(0, +), lengths.count)
    let stateCount = shape.layerCount * shape.directionCount
    index = tableSize.map { size in (0..<rowCount).map { _ in Int32.random(in: 0..<Int32(size), using: &random) } }
    for (name, sizes) in shape.parameterShapes(prefix: "") {
      parameters[name] = random.floats(sizes.reduce(1, *), bound: 1.5 / Float(shape.hiddenSize).squareRoot())
    }
    inputRows = random.floats((tableSize ?? rowCount) * shape.inputSize)
    outputGradient = random.floats(rowCount * shape.outputSize)
    for _ in 0..<stateCount {
      initialHidden.append(random.floats(batchSize * shape.stateSize))
      finalHiddenGradient.append(random.floats(batchSize * shape.stateSize))
      guard shape.cell == .lstm else { continue }
      initialCell.append(random.floats(batchSize * shape.hiddenSize))
      finalCellGradient.append(random.floats(batchSize * shape.hiddenSize))
    }
    guard !hasFinalGradients else { return }
    finalHiddenGradient = finalHiddenGradient.map { $0.map { _ in 0 } }
    finalCellGradient = finalCellGradient.map { $0.map { _ in 0 } }
  }

  var rowCount: Int { lengths.reduce(0, +) }
  var batchSize: Int { lengths.count }

  /// The input row that a chunk row reads.
  func inputRow(of chunkRow: Int) -> Int { index.map { Int($0[chunkRow]) } ?? chunkRow }

  /// The chunk row of a sequence at a time: rows lie step by step, and within a step by sequence.
  func row(of sequence: Int, at time: Int) -> Int {
    lengths.reduce(0) { sum, length in sum + min(length, time) } + sequence
  }
}

/// The results of an `EngineProblem` by name, in the order of a problem's numbers.
struct EngineAnswer<Scalar> {
  /// `output` and the final states.
  var values: [String: [Scalar]] = [:]
  /// Of every parameter, of the input rows and of the initial states.
  var gradients: [String: [Scalar]] = [:]
}

extension EngineAnswer<Float> {
  /// Where this answer is further than the tolerances from another: one line each, none where it agrees.
  /// - Parameter floor: what differences are relative to where numbers are smaller; see `relativeError`.
  func differences(
    from expected: EngineAnswer<Double>, values: Double = 1e-5, gradients: Double = 1e-4, floor: Double = 0
  ) -> [String] {
    func list(_ actual: [String: [Float]], _ expected: [String: [Double]], _ tolerance: Double) -> [String] {
      Set(actual.keys).union(expected.keys).sorted().compactMap { name in
        let error = relativeError(actual[name] ?? [], expected[name] ?? [], floor: floor)
        return error <= tolerance && actual[name] != nil ? nil : "\(name): relative error \(error)"
      }
    }
    return list(self.values, expected.values, values) + list(self.gradients, expected.gradients, gradients)
  }

  var asDouble: EngineAnswer<Double> {
    EngineAnswer<Double>(
      values: values.mapValues { $0.map { Double($0) } }, gradients: gradients.mapValues { $0.map { Double($0) } })
  }
}
