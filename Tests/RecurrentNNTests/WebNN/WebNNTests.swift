import Foundation
import TestSupport
import Testing

@testable import RecurrentNN

/// A call of WebNN's baseline and what it gave, as `record-cases.mjs` beside this file writes it.
struct WebNNCase: Decodable, Sendable, CustomTestStringConvertible {
  struct Values: Decodable, Sendable {
    let shape: [Int]
    let values: [Double]

    var floats: [Float] { values.map { Float($0) } }
  }

  let name: String
  /// `lstm`, `gru`, `lstmCell` or `gruCell`.
  let kind: String
  let hiddenSize: Int
  let direction: String
  let layout: String
  let resetAfter: Bool
  let hasPeepholes: Bool
  let input: Values
  let weight: Values
  let recurrentWeight: Values
  let bias: Values?
  let recurrentBias: Values?
  let hidden: Values?
  let cell: Values?
  /// h, for an LSTM c, and of a layer perhaps the whole sequence (T, D, B, H).
  let outputs: [Values]

  var testDescription: String { name }

  static let all: [WebNNCase] = {
    guard let path = ProcessInfo.processInfo.environment["CHARLM_WEBNN_CASES"],
      let bytes = FileManager.default.contents(atPath: path)
    else { return [] }
    return (try? JSONDecoder().decode([WebNNCase].self, from: bytes)) ?? []
  }()

  /// No layer here computes it, as none of PyTorch's does.
  var isInapplicable: Bool { !resetAfter || hasPeepholes }

  var isCell: Bool { kind.hasSuffix("Cell") }
  var isLSTM: Bool { kind.hasPrefix("lstm") }

  /// The places of PyTorch's gates among the case's.
  private var gates: [Int] {
    let order = isLSTM ? "ifgo" : "rzn"
    return order.compactMap { Array(layout).firstIndex(of: $0) }
  }

  /// Parameters by PyTorch's names. Two directions stand one after the other.
  func parameters(directionCount: Int) -> [(name: String, values: [Float])] {
    let zeros = Values(shape: [], values: Array(repeating: 0, count: directionCount * gates.count * hiddenSize))
    let named = [
      ("weight_ih", weight), ("weight_hh", recurrentWeight), ("bias_ih", bias ?? zeros),
      ("bias_hh", recurrentBias ?? zeros),
    ]
    return named.flatMap { name, tensor in
      (0..<directionCount).map { direction in
        let size = tensor.values.count / directionCount
        let values = tensor.floats.dropFirst(direction * size).prefix(size)
        let gateSize = size / gates.count
        return (
          name + (isCell ? "" : direction == 0 ? "_l0" : "_l0_reverse"),
          gates.flatMap { values.dropFirst($0 * gateSize).prefix(gateSize) }
        )
      }
    }
  }
}

/// The cases of WebNN's baseline, which computes in double precision.
@Suite("WebNN's baseline") struct WebNNTests {
  @Test(
    "a layer or cell with WebNN's weights gives the baseline's outputs",
    .enabled(if: !WebNNCase.all.isEmpty, "needs recorded cases in CHARLM_WEBNN_CASES"), arguments: WebNNCase.all)
  func baseline(_ example: WebNNCase) throws {
    guard !example.isInapplicable else { return }
    let actual = example.isCell ? cell(example) : layer(example)
    for (number, (values, expected)) in zip(actual, example.outputs).enumerated() {
      #expect(relativeError(values, expected.values) <= 1e-5, "output \(number)")
    }
  }

  private func cell(_ example: WebNNCase) -> [[Float]] {
    let (inputSize, hiddenSize) = (example.input.shape[1], example.hiddenSize)
    let cell: any RecurrentCell = example.isLSTM ? LSTMCell(inputSize, hiddenSize) : GRUCell(inputSize, hiddenSize)
    for (name, values) in example.parameters(directionCount: 1) { cell.core.store.setValues(values, named: name) }
    let states = [example.hidden, example.cell].compactMap(\.self).map { Tensor($0.floats, shape: $0.shape) }
    return cell.step(Tensor(example.input.floats, shape: example.input.shape), states: states).map(\.values)
  }

  private func layer(_ example: WebNNCase) -> [[Float]] {
    let (shape, isBackward) = (example.input.shape, example.direction == "backward")
    let (inputSize, hiddenSize, isBoth) = (shape[2], example.hiddenSize, example.direction == "both")
    let layer: any RecurrentLayer =
      example.isLSTM
      ? LSTM(inputSize, hiddenSize, bidirectional: isBoth) : GRU(inputSize, hiddenSize, bidirectional: isBoth)
    let directionCount = isBoth ? 2 : 1
    for (name, values) in example.parameters(directionCount: directionCount) {
      layer.core.store.setValues(values, named: name)
    }
    let stateShape = [directionCount, shape[1], hiddenSize]
    let zeros = Tensor([Float](repeating: 0, count: stateShape.reduce(1, *)), shape: stateShape)
    let states = (example.isLSTM ? [example.hidden, example.cell] : [example.hidden]).map { state in
      state.map { Tensor($0.floats, shape: stateShape) } ?? zeros
    }
    // There is no layer that reads backwards alone: it reads the reversed steps.
    let input = isBackward ? reversed(example.input.floats, steps: shape[0]) : example.input.floats
    let result = layer.run(Tensor(input, shape: shape), states: states)
    let output = isBackward ? reversed(result.output.values, steps: shape[0]) : result.output.values
    return result.states.map(\.values) + [isBoth ? directionsFirst(output, shape, hiddenSize) : output]
  }

  private func reversed(_ values: [Float], steps: Int) -> [Float] {
    let size = values.count / steps
    return (0..<steps).reversed().flatMap { values[($0 * size)..<(($0 + 1) * size)] }
  }

  /// (T, B, 2H), PyTorch's order, as (T, 2, B, H), WebNN's.
  private func directionsFirst(_ values: [Float], _ shape: [Int], _ hiddenSize: Int) -> [Float] {
    var result: [Float] = []
    for step in 0..<shape[0] {
      for direction in 0..<2 {
        for row in 0..<shape[1] {
          let start = ((step * shape[1] + row) * 2 + direction) * hiddenSize
          result += values[start..<start + hiddenSize]
        }
      }
    }
    return result
  }
}
