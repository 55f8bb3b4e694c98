/// A gated recurrent unit: gates like an LSTM's, but a single state like an RNN's.
///
/// Look at: the shapes are an RNN's; there are three gates, so the weights have 3·H rows, where an LSTM's have 4·H; with
/// the update gate z held open (near 1) the state stays the same, however many steps there are.

import RecurrentNN

RandomNumbers.manualSeed(1)
let gru = GRU(100, 20, layers: 2)
let (output, hidden) = gru(Tensor.randn(10, 3, 100))
print(gru)
print("output \(output.shape), hidden \(hidden.shape)")
for layer in [RNN(100, 20), LSTM(100, 20), GRU(100, 20)] as [any RecurrentLayer] {
  print(layer, layer.parameter("weight_hh_l0").shape, layer.parameterCount, "parameters")
}

// h' = (1 − z) ⊙ n + z ⊙ h; the rows of a bias are r, z, n. A large b_z opens z.
let cell = GRUCell(4, 3)
cell.parameters[0].setValues([0, 0, 0, 30, 30, 30, 0, 0, 0], named: "bias_ih")
var state = Tensor([[0.5, -0.25, 1]])
for _ in 0..<100 { state = cell(Tensor.randn(1, 4), state) }
print("after 100 steps with z open:", state)
