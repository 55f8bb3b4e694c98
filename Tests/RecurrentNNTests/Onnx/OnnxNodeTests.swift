import TestSupport
import Testing

@testable import RecurrentNN

/// ONNX's own tests of its RNN, LSTM and GRU. Their gates stand in another order: i o f c for an LSTM, z r h for a GRU.
@Suite("ONNX's node tests") struct OnnxNodeTests {
  @Test(
    "a layer with ONNX's weights gives ONNX's outputs",
    .enabled(if: !OnnxCase.all.isEmpty, "needs ONNX's test files (apt-get install libonnx-testdata)"),
    arguments: OnnxCase.all)
  func node(_ example: OnnxCase) throws {
    guard example.inapplicable == nil else { return }
    let (x, w, r) = (try #require(example.input(0)), try #require(example.input(1)), try #require(example.input(2)))
    let isBatchFirst = example.attributes["layout"] == 1
    let (inputSize, hiddenSize) = (w.shape[2], r.shape[2])
    let (layer, order): (any RecurrentLayer, [Int]) =
      switch example.kind {
      case "LSTM": (LSTM(inputSize, hiddenSize, batchFirst: isBatchFirst), [0, 2, 3, 1])
      case "GRU": (GRU(inputSize, hiddenSize, batchFirst: isBatchFirst), [1, 0, 2])
      default: (RNN(inputSize, hiddenSize, batchFirst: isBatchFirst), [0])
      }
    try #require(w.shape[0] == 1, "one direction")
    func reordered(_ values: ArraySlice<Float>) -> [Float] {
      let size = values.count / order.count
      return order.flatMap { values.dropFirst($0 * size).prefix(size) }
    }
    let bias = example.input(3)?.values ?? [Float](repeating: 0, count: 2 * order.count * hiddenSize)
    for (name, values) in [
      ("weight_ih_l0", w.values[...]), ("weight_hh_l0", r.values[...]),
      ("bias_ih_l0", bias.prefix(bias.count / 2)), ("bias_hh_l0", bias.suffix(bias.count / 2)),
    ] {
      layer.core.store.setValues(reordered(values), named: name)
    }
    let batchSize = x.shape[isBatchFirst ? 0 : 1]
    let states = (example.kind == "LSTM" ? [5, 6] : [5]).map { place in
      Tensor(
        example.input(place)?.values ?? [Float](repeating: 0, count: batchSize * hiddenSize),
        shape: [1, batchSize, hiddenSize])
    }
    let result = layer.run(Tensor(x.values, shape: x.shape), states: states)
    var comparedCount = 0
    for (place, actual) in ([result.output] + result.states).enumerated() {
      guard let expected = example.output(place) else { continue }
      comparedCount += 1
      #expect(relativeError(actual.values, expected.values) <= 1e-5, "output \(place)")
    }
    #expect(comparedCount > 0)
  }

  @Test(
    "what does not apply is known by name: peepholes, and a GRU whose reset gate acts before the product",
    .enabled(if: !OnnxCase.all.isEmpty, "needs ONNX's test files (apt-get install libonnx-testdata)"))
  func inapplicable() {
    let (applicable, others) = (
      OnnxCase.all.filter { $0.inapplicable == nil }, OnnxCase.all.filter { $0.inapplicable != nil }
    )
    #expect(applicable.count >= 7, "\(applicable.map(\.testDescription))")
    #expect(
      others.allSatisfy { $0.kind == "GRU" || $0.testDescription == "test_lstm_with_peepholes" },
      "\(others.map(\.testDescription))")
  }
}
