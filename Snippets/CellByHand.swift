/// An RNN cell applied to a sequence by hand: h ← tanh(W_ih x + b_ih + W_hh h + b_hh), once for each time step.
///
/// Look at: the state keeps its shape from step to step and is all that the cell remembers; a layer with the same
/// weights runs the whole loop in one call and ends in the same state.

import RecurrentNN

RandomNumbers.manualSeed(1)
let cell = RNNCell(3, 5)
print(cell)

let inputs = Tensor.randn(6, 2, 3)  // (T, B, I): 6 time steps, a batch of 2, 3 numbers each
var hidden = Tensor.zeros(2, 5)  // (B, H)
for time in 0..<6 {
  hidden = cell(inputs[time], hidden)
  print("step \(time + 1): x \(inputs[time].shape) → h \(hidden.shape), norm \(hidden.norm().item)")
}

// The same as a layer: its parameters have the cell's names followed by the layer's number.
let layer = RNN(3, 5)
for name in ["weight_ih", "weight_hh", "bias_ih", "bias_hh"] {
  layer.parameters[0].setValues(cell.parameter(name).values, named: name + "_l0")
}
let whole = layer(inputs)
let difference = (whole.hidden[0] - hidden).norm().item
print("layer: output \(whole.output.shape), hidden \(whole.hidden.shape)")
print("cell and layer end alike:", difference < 1e-5)
