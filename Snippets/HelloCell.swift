/// hello → ohlol from one-hot letters, with a cell: the state itself holds the scores of the output letter.
///
/// Look at: the answer, printed every tenth round, becomes ohlol. The two l of hello have different outputs, l and o, and
/// only the state can tell them apart.

import RecurrentNN

RandomNumbers.manualSeed(2)
let letters = ["e", "h", "l", "o"]
let (input, target) = ([1, 0, 2, 2, 3], [3, 1, 2, 3, 2])  // hello, ohlol
let rows = Tensor.oneHot(input, classes: 4)  // (T, 4)
let cell = RNNCell(4, 4)
let optimizer = Adam(cell.parameters, learningRate: 0.1)

var answer = ""
for round in 1...60 {
  var hidden = Tensor.zeros(1, 4)
  var scores: [Tensor] = []
  for time in input.indices {
    hidden = cell(rows[time..<time + 1], hidden)
    scores.append(hidden)
  }
  let logits = Tensor.cat(scores)
  let loss = crossEntropy(logits, target)
  optimizer.zeroGradients()
  loss.backward()
  optimizer.step()
  answer = logits.argmax().map { letters[$0] }.joined()
  if round % 10 == 0 { print("round \(round): \(answer), loss \(loss.item)") }
}
print("hello → \(answer)")
