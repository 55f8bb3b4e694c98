/// Vanishing and exploding gradients: ‖∂h_k/∂h_1‖ for k = 1, 2, …, 60, drawn as a picture.
///
/// Look at: in gradient-flow.svg (or the file given as argument; the axis is logarithmic) the gradient of an RNN with
/// PyTorch's initial values shrinks by about the same factor at every step; with relu and recurrent weights four times as
/// large it explodes; an LSTM's shrinks too, unless a bias of 4 holds its forget gate open: then it survives all steps.

import Foundation
import LinePlot
import RecurrentNN

let (stepCount, I, H) = (60, 4, 16)
let path = CommandLine.arguments.dropFirst().first ?? "gradient-flow.svg"

/// ‖∂h_k/∂h_1‖ for each k. Every row of the batch is the same sequence, so one backward pass that starts from the
/// identity matrix gives the whole Jacobian, one of its rows in each row of the batch.
@MainActor func norms(steps: Int, width: Int, run: (_ state: Tensor, _ inputs: Tensor) -> Tensor) -> [Double] {
  RandomNumbers.manualSeed(2)
  let inputs = Tensor.randn(steps, 1, I) * Tensor.ones(1, width, 1)
  return (1...steps).map { k in
    let start = (Tensor.zeros(width, width) + 0.1).recorded()  // h_1
    let state = k == 1 ? start * 1 : run(start, inputs[1..<k])  // h_k
    state.backward(Tensor.oneHot(Array(0..<width), classes: width))
    return Double(start.gradient?.norm().item ?? 0)
  }
}

@MainActor func norms(of rnn: RNN) -> [Double] {
  norms(steps: stepCount, width: H) { rnn($1, $0.unsqueeze(0)).hidden[0] }
}

@MainActor func norms(of lstm: LSTM) -> [Double] {
  norms(steps: stepCount, width: H) { lstm($1, ($0.unsqueeze(0), .zeros(1, H, H))).state.hidden[0] }
}

RandomNumbers.manualSeed(1)
let (rnn, lstm) = (RNN(I, H), LSTM(I, H))
let (wildRNN, openLSTM) = (RNN(I, H, nonlinearity: .relu), LSTM(I, H))
wildRNN.parameters[0].setValues(rnn.parameter("weight_hh_l0").values.map { 4 * $0 }, named: "weight_hh_l0")
openLSTM.parameters[0].setValues((0..<4 * H).map { H..<2 * H ~= $0 ? 4 : 0 }, named: "bias_ih_l0")

let curves = [
  ("RNN", norms(of: rnn), "#d62728", ""), ("RNN, relu, weights × 4", norms(of: wildRNN), "#ff7f0e", "7 4"),
  ("LSTM", norms(of: lstm), "#1f77b4", ""), ("LSTM, forget gate open", norms(of: openLSTM), "#2ca02c", "7 4"),
]
for (name, norms, _, _) in curves {
  print("\(name):", [1, 20, 40, 60].map { "k=\($0) \(String(format: "%.1e", norms[$0 - 1]))" }.joined(separator: ", "))
}
let plot = LinePlot(
  "How far a gradient reaches", xLabel: "time step k", yLabel: "‖∂h_k / ∂h_1‖", isLogarithmic: true,
  legendIsLow: true,
  curves.map { name, norms, color, dashes in
    LinePlot.Line(name, norms.enumerated().map { (Double($0 + 1), $1) }, color: color, dashes: dashes)
  })
try plot.svg().write(toFile: path, atomically: true, encoding: .utf8)
print("written: \(path)")
