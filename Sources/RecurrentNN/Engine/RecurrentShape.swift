/// The recurrence of a layer.
public enum CellKind: String, Codable, Hashable, Sendable, CaseIterable {
  /// Long short-term memory; gate rows in order i, f, g, o.
  case lstm
  /// Gated recurrent unit; gate rows in order r, z, n.
  case gru
  /// Elman's network: one tanh or rectifier.
  case rnn

  /// The blocks of hidden-size rows in each weight.
  package var gateCount: Int {
    switch self {
    case .lstm: 4
    case .gru: 3
    case .rnn: 1
    }
  }
}

/// What an Elman network applies to its sum; the other cells do not ask.
public enum Nonlinearity: String, Codable, Hashable, Sendable, CaseIterable {
  /// Hyperbolic tangent, PyTorch's default.
  case tanh
  /// max(0, x).
  case relu
}

/// The sizes and options of a stack of recurrent layers, with PyTorch's parameter names.
package struct RecurrentShape: Hashable, Sendable {
  package var cell: CellKind
  package var nonlinearity: Nonlinearity = .tanh
  package var inputSize: Int
  package var hiddenSize: Int
  package var layerCount: Int
  package var hasBias = true
  package var isBidirectional = false
  /// The size of an LSTM's projected output, 0 for none.
  package var projectionSize = 0
  /// Whether the cells normalize what their gates get (`LayerNorm`).
  package var hasLayerNorm = false
  /// The rounds in which a cell's input and state gate each other before it reads them (`Mogrifier`); 0 for none.
  package var mogrifierRounds = 0
  /// Whether it is a cell, whose parameters have no layer in their names.
  package var isCell = false

  package init(
    cell: CellKind, nonlinearity: Nonlinearity = .tanh, inputSize: Int, hiddenSize: Int, layerCount: Int = 1,
    hasBias: Bool = true, isBidirectional: Bool = false, projectionSize: Int = 0
  ) {
    self.cell = cell
    self.nonlinearity = nonlinearity
    self.inputSize = inputSize
    self.hiddenSize = hiddenSize
    self.layerCount = layerCount
    self.hasBias = hasBias
    self.isBidirectional = isBidirectional
    self.projectionSize = projectionSize
  }

  package var directionCount: Int { isBidirectional ? 2 : 1 }
  /// The width of one direction's h: the projection's size, else the hidden size (P or H).
  package var stateSize: Int { projectionSize > 0 ? projectionSize : hiddenSize }
  /// The width of a layer's output: both directions side by side.
  package var outputSize: Int { directionCount * stateSize }
  /// The width of all gates, G·H.
  package var gateSize: Int { cell.gateCount * hiddenSize }

  /// Whether what a cell reads depends on its state: then a layer's input product is no function of its input alone.
  package var hasMogrifier: Bool { mogrifierRounds > 0 }

  package func inputSize(ofLayer layer: Int) -> Int { layer == 0 ? inputSize : outputSize }

  /// PyTorch's suffix of a layer's parameter names: `_l0`, `_l0_reverse`, …; a cell's have none.
  package func suffix(layer: Int, isReverse: Bool) -> String {
    isCell ? "" : "_l\(layer)" + (isReverse ? "_reverse" : "")
  }

  /// Every parameter in PyTorch's order, with its shape; names begin with `prefix`.
  package func parameterShapes(prefix: String) -> [(name: String, shape: [Int])] {
    var shapes: [(name: String, shape: [Int])] = []
    for layer in 0..<layerCount {
      for direction in 0..<directionCount {
        let suffix = suffix(layer: layer, isReverse: direction == 1)
        shapes.append((prefix + "weight_ih" + suffix, [gateSize, inputSize(ofLayer: layer)]))
        shapes.append((prefix + "weight_hh" + suffix, [gateSize, stateSize]))
        if hasBias {
          shapes.append((prefix + "bias_ih" + suffix, [gateSize]))
          shapes.append((prefix + "bias_hh" + suffix, [gateSize]))
        }
        if projectionSize > 0 { shapes.append((prefix + "weight_hr" + suffix, [projectionSize, hiddenSize])) }
        for round in 0..<mogrifierRounds {
          let (input, state) = (inputSize(ofLayer: layer), stateSize)
          shapes.append(
            (
              prefix + Mogrifier.parameterName(round: round) + suffix,
              Mogrifier.gatesInput(round: round) ? [input, state] : [state, input]
            ))
        }
        guard hasLayerNorm else { continue }
        shapes.append((prefix + "ln_ih" + suffix + ".weight", [gateSize]))
        shapes.append((prefix + "ln_hh" + suffix + ".weight", [gateSize]))
      }
    }
    return shapes
  }
}

extension ParameterStore {
  /// Draws the recurrent parameters as PyTorch does: all from U(±1/√H). With `forgetBias` it is added to the f rows
  /// of an LSTM's `bias_ih` (Jozefowicz et al. 2015), so that a new cell remembers.
  package func initializeRecurrent(
    _ shape: RecurrentShape, prefix: String, forgetBias: Float, using generator: inout SeededGenerator
  ) {
    let bound = 1 / Float(shape.hiddenSize).squareRoot()
    for (name, _) in shape.parameterShapes(prefix: prefix) {
      let values = view(named: name)
      if name.hasPrefix(prefix + "ln_") {
        values.fill(LayerNorm.initialGain)
        continue
      }
      values.fillUniform(bound: bound, using: &generator)
      guard forgetBias != 0, shape.cell == .lstm, name.hasPrefix(prefix + "bias_ih") else { continue }
      for row in shape.hiddenSize..<2 * shape.hiddenSize { values[row] += forgetBias }
    }
  }
}
