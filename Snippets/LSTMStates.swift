/// An LSTM and its two states: h, which is its output, and c, which stays inside.
///
/// Look at: h and c have one row in their first dimension for each layer; with a projection h is narrower than c; a
/// sequence cut in two, with the state passed on, gives the same output as in one piece.

import RecurrentNN

RandomNumbers.manualSeed(1)
let input = Tensor.randn(10, 3, 100)

let cell = LSTMCell(100, 20)
var state = cell(input[0])
for time in 1..<10 { state = cell(input[time], state) }
print(cell, "h \(state.hidden.shape), c \(state.cell.shape)")

for lstm in [LSTM(100, 20), LSTM(100, 20, layers: 2), LSTM(100, 20, layers: 2, projectionSize: 8)] {
  let (output, state) = lstm(input)
  print(lstm)
  print("  output \(output.shape), h \(state.hidden.shape), c \(state.cell.shape)")
}

let lstm = LSTM(100, 20, layers: 2)
let whole = lstm(input)
let first = lstm(input[0..<4])
let second = lstm(input[4..<10], first.state)
let cut = Tensor.cat([first.output, second.output])
print("cut in two and whole alike:", (cut - whole.output).norm().item < 1e-5)
print("layer 1 ends with h \(lstm.final(whole.state.hidden, layer: 1).shape), the output's last step")
