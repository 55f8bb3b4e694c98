import RecurrentNN
import Testing

@Suite struct InitialValueTests {
  @Test("recurrent parameters are uniform within ±1/√H", arguments: CellKind.allCases)
  func uniform(_ cell: CellKind) {
    let shape = RecurrentShape(cell: cell, inputSize: 40, hiddenSize: 64, layerCount: 2, isBidirectional: true)
    let store = ParameterStore(shape.parameterShapes(prefix: "rnn."))
    var generator = SeededGenerator(seed: 1)
    store.initializeRecurrent(shape, prefix: "rnn.", forgetBias: 0, using: &generator)
    let bound = 0.125
    for layout in store.layouts {
      let values = store.values(named: layout.name).map { Double($0) }
      #expect(values.allSatisfy { abs($0) <= bound }, "\(layout.name)")
      // The mean of n uniform values has the deviation bound/√(3n), their mean square bound²·√(4/45n).
      let count = Double(values.count)
      let mean = values.reduce(0, +) / count
      let meanSquare = values.reduce(0) { $0 + $1 * $1 } / count
      #expect(abs(mean) <= 4 * bound / (3 * count).squareRoot(), "\(layout.name)")
      let deviation = bound * bound * (4 / 45 / count).squareRoot()
      #expect(abs(meanSquare - bound * bound / 3) <= 4 * deviation, "\(layout.name)")
    }
  }

  @Test("a forget bias is added to the f rows of bias_ih and to nothing else")
  func forgetBias() {
    let shape = RecurrentShape(cell: .lstm, inputSize: 3, hiddenSize: 5, layerCount: 2)
    let (plain, biased) = (
      ParameterStore(shape.parameterShapes(prefix: "")), ParameterStore(shape.parameterShapes(prefix: ""))
    )
    var generator = SeededGenerator(seed: 1)
    plain.initializeRecurrent(shape, prefix: "", forgetBias: 0, using: &generator)
    generator = SeededGenerator(seed: 1)
    biased.initializeRecurrent(shape, prefix: "", forgetBias: 1, using: &generator)
    for layout in plain.layouts {
      var expected = plain.values(named: layout.name)
      if layout.name.hasPrefix("bias_ih") { for row in 5..<10 { expected[row] += 1 } }
      #expect(biased.values(named: layout.name) == expected, "\(layout.name)")
    }
  }

  @Test("parameters have PyTorch's names and shapes, in its order")
  func names() {
    let shape = RecurrentShape(
      cell: .lstm, inputSize: 3, hiddenSize: 5, layerCount: 2, isBidirectional: true, projectionSize: 2)
    let layouts = ParameterStore(shape.parameterShapes(prefix: "rnn.")).layouts
    let expected = [("_l0", 3), ("_l0_reverse", 3), ("_l1", 4), ("_l1_reverse", 4)].flatMap { suffix, inputSize in
      [
        ("weight_ih", [20, inputSize]), ("weight_hh", [20, 2]), ("bias_ih", [20]), ("bias_hh", [20]),
        ("weight_hr", [2, 5]),
      ].map { ("rnn." + $0.0 + suffix, $0.1) }
    }
    #expect(layouts.map(\.name) == expected.map(\.0))
    #expect(layouts.map(\.shape) == expected.map(\.1))
  }
}
