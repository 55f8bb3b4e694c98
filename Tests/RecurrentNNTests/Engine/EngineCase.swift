import RecurrentNN
import Testing

/// A point of the cross product that the engine is checked over.
struct EngineCase: Sendable, CustomTestStringConvertible {
  var shape: RecurrentShape
  var isPacked: Bool
  var hasResets: Bool
  var hasTable: Bool

  /// Every cell × layers 1, 3 × directions × bias × uniform or packed × resets × dense input or a table.
  static let all: [EngineCase] = shapes.flatMap { shape in
    [false, true].flatMap { isPacked in
      [false, true].flatMap { hasResets in
        [false, true].map { EngineCase(shape: shape, isPacked: isPacked, hasResets: hasResets, hasTable: $0) }
      }
    }
  }

  /// Those with most in them: three layers, both directions, biases, packed, resets, a table.
  static let largest = all.filter {
    $0.shape.layerCount == 3 && $0.shape.isBidirectional && $0.shape.hasBias && $0.isPacked && $0.hasResets
      && $0.hasTable
  }

  /// A shape of each kind: LSTM with and without projection, GRU, Elman with tanh and relu; some of them normalized, some
  /// with a mogrifier.
  static let shapes: [RecurrentShape] = [1, 3].flatMap { layerCount in
    [false, true].flatMap { isBidirectional in
      [true, false].flatMap { hasBias in
        cells.filter { hasBias || !$0.isNormalized && $0.rounds == 0 }.map {
          cell, nonlinearity, projects, isNormalized, rounds in
          // One lane above a vector of 16, and less than one of 8.
          let hiddenSize = layerCount == 1 ? 17 : 5
          var shape = RecurrentShape(
            cell: cell, nonlinearity: nonlinearity, inputSize: 7, hiddenSize: hiddenSize, layerCount: layerCount,
            hasBias: hasBias, isBidirectional: isBidirectional, projectionSize: projects ? hiddenSize - 2 : 0)
          shape.hasLayerNorm = isNormalized
          shape.mogrifierRounds = rounds
          return shape
        }
      }
    }
  }

  private static let cells: [(CellKind, Nonlinearity, projects: Bool, isNormalized: Bool, rounds: Int)] = [
    (.lstm, .tanh, false, false, 0), (.lstm, .tanh, true, false, 0), (.gru, .tanh, false, false, 0),
    (.rnn, .tanh, false, false, 0), (.rnn, .relu, false, false, 0), (.lstm, .tanh, true, true, 0),
    (.gru, .tanh, false, true, 0), (.rnn, .tanh, false, true, 0), (.lstm, .tanh, false, false, 1),
    (.lstm, .tanh, false, false, 2), (.lstm, .tanh, true, true, 5), (.gru, .tanh, false, false, 2),
    (.rnn, .tanh, false, true, 3),
  ]

  /// The problem of this case. Its resets fall on a sequence's first step, two steps running, and a last step.
  func problem(hasFinalGradients: Bool = false) -> EngineProblem {
    let resets = [(0, 1), (2, 0), (2, 1), (3, 0), (3, 2)].map { Walk.Reset(step: $0.0, row: $0.1) }
    return EngineProblem(
      shape, lengths: isPacked ? [7, 4, 4, 1] : [4, 4, 4, 4], resets: hasResets ? resets : [],
      tableSize: hasTable ? 5 : nil, hasFinalGradients: hasFinalGradients)
  }

  /// Of values. What is normalized is divided by its deviation, which is small in a narrow layer, and its rounding with it.
  var tolerance: Double { shape.hasLayerNorm ? 4e-5 : 1e-5 }

  var testDescription: String {
    let parts = [
      shape.cell == .rnn ? "rnn \(shape.nonlinearity)" : "\(shape.cell)",
      shape.projectionSize > 0 ? "projected" : "", shape.hasLayerNorm ? "normalized" : "",
      shape.mogrifierRounds > 0 ? "\(shape.mogrifierRounds) mogrifier rounds" : "",
      "\(shape.layerCount) layers",
      shape.isBidirectional ? "bidirectional" : "", shape.hasBias ? "" : "no bias", isPacked ? "packed" : "",
      hasResets ? "resets" : "", hasTable ? "table" : "",
    ]
    return parts.filter { !$0.isEmpty }.joined(separator: ", ")
  }
}
