/// The parameters of recurrent layers: PyTorch's names, shapes and order.
///
/// Look at: layer 0 reads the input (10), the layers above it read both directions of the layer below (2 · 20); an
/// LSTM has four gates in the order i, f, g, o, hence 80 rows.

import RecurrentNN

func list(_ layer: some Module & CustomStringConvertible) {
  print(layer)
  for parameter in layer.namedParameters { print("  \(parameter.name) \(parameter.shape)") }
  print("  \(layer.parameterCount) numbers in all")
}

RandomNumbers.manualSeed(1)
list(RNN(10, 20))
list(LSTM(10, 20, layers: 2, bidirectional: true))
list(GRUCell(10, 20))
list(Linear(20, 5))

// Read, set, and fill again.
let rnn = RNN(2, 2, bias: false)
rnn.parameters[0].setValues([1, 0, 0, 1], named: "weight_ih_l0")
print("weight_ih_l0:", rnn.parameter("weight_ih_l0"))
rnn.fillParametersNormal(deviation: 0.001)
print("N(0, 0.001):", rnn.parameter("weight_hh_l0").values.allSatisfy { abs($0) < 0.01 })
rnn.fillParametersUniform(bound: 0.5)
print("U(±0.5):", rnn.parameter("weight_hh_l0").values.allSatisfy { abs($0) <= 0.5 })
