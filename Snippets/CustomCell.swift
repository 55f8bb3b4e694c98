/// A recurrent cell of your own, written with tensors and trained by automatic differentiation: the minimal gated unit
/// (Zhou et al. 2016), f = σ(W_f [x, h] + b_f), n = tanh(W_n [x, f ⊙ h] + b_n), h' = (1 − f) ⊙ h + f ⊙ n.
///
/// Look at: the cell takes ten lines, and no gradient is written by hand; after reading twelve bits it learns to name
/// the first, which it has to remember through all the steps.

import RecurrentNN

struct MinimalGatedCell: Module {
  let (gate, candidate): (Linear, Linear)
  var children: Children { ["gate": gate, "candidate": candidate] }

  init(_ inputSize: Int, _ hiddenSize: Int) {
    gate = Linear(inputSize + hiddenSize, hiddenSize)
    candidate = Linear(inputSize + hiddenSize, hiddenSize)
  }

  func callAsFunction(_ x: Tensor, _ h: Tensor) -> Tensor {
    let f = gate(Tensor.cat([x, h], -1)).sigmoid()
    let n = candidate(Tensor.cat([x, f * h], -1)).tanh()
    return (1 - f) * h + f * n
  }
}

RandomNumbers.manualSeed(1)
var generator = SeededGenerator(seed: 1)
let (T, B, H) = (12, 32, 12)
let cell = MinimalGatedCell(1, H)
let decoder = Linear(H, 2)
let parameters = cell.parameters + decoder.parameters
let optimizer = Adam(parameters, learningRate: 0.02)
print("\(cell.parameterCount) parameters")

/// The loss and the number of right answers for a new random batch.
@MainActor func run() -> (loss: Tensor, right: Int) {
  let bits = (0..<B).map { _ in (0..<T).map { _ in Int.random(in: 0...1, using: &generator) } }
  var h = Tensor.zeros(B, H)
  for time in 0..<T { h = cell(Tensor(bits.map { [Float($0[time])] }), h) }
  let first = bits.map { $0[0] }
  let logits = decoder(h)
  return (crossEntropy(logits, first), zip(logits.argmax(), first).count { $0 == $1 })
}

for step in 0...100 {
  let (loss, right) = run()
  if step % 20 == 0 { print("step \(step): loss \(loss), \(right) of \(B) right") }
  optimizer.zeroGradients()
  loss.backward()
  try clipGradientNorm(parameters, to: 1)
  optimizer.step()
}
let right = (0..<10).reduce(0) { sum, _ in sum + withoutRecording { run().right } }
print("new sequences: \(100 * right / (10 * B)) % right")
