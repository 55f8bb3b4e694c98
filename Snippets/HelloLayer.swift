/// hello → ohlol from one-hot letters, with a layer: the whole word in one call.
///
/// Look at: HelloCell without its inner loop; the loss takes the output (T, B, H) reshaped to (T·B, H).

import RecurrentNN

RandomNumbers.manualSeed(2)
let letters = ["e", "h", "l", "o"]
let (input, target) = ([1, 0, 2, 2, 3], [3, 1, 2, 3, 2])  // hello, ohlol
let rows = Tensor.oneHot(input, classes: 4).unsqueeze(1)  // (T, B, 4) with B = 1
let rnn = RNN(4, 4)
let optimizer = Adam(rnn.parameters, learningRate: 0.1)
print("input \(rows.shape)")

var answer = ""
for round in 1...60 {
  let logits = rnn(rows).output.reshape(-1, 4)
  let loss = crossEntropy(logits, target)
  optimizer.zeroGradients()
  loss.backward()
  optimizer.step()
  answer = logits.argmax().map { letters[$0] }.joined()
  if round % 10 == 0 { print("round \(round): \(answer), loss \(loss.item)") }
}
print("hello → \(answer)")
