/// hello → ohlol with an embedding below and a linear layer above: letters in, scores out, and a state of any width in
/// between.
///
/// Look at: letter numbers go in, not one-hot rows; the loss falls to nearly zero, while HelloLayer's stays above 0.34,
/// because the scores are no longer confined to tanh's range of −1 to 1.

import RecurrentNN

struct LetterModel: Module {
  let embedding = Embedding(4, 10)
  let rnn = RNN(10, 8, layers: 2)
  let decoder = Linear(8, 4)
  var children: Children { ["embedding": embedding, "rnn": rnn, "decoder": decoder] }

  /// The scores (T, 4) of the output letter at each time step.
  func callAsFunction(_ letters: [Int]) -> Tensor { decoder(rnn(embedding(letters)).output) }
}

RandomNumbers.manualSeed(1)
let letters = ["e", "h", "l", "o"]
let (input, target) = ([1, 0, 2, 2, 3], [3, 1, 2, 3, 2])  // hello, ohlol
let model = LetterModel()
let optimizer = Adam(model.parameters, learningRate: 0.05)
print(model.embedding, model.rnn, model.decoder)

var answer = ""
for round in 1...30 {
  let logits = model(input)
  let loss = crossEntropy(logits, target)
  optimizer.zeroGradients()
  loss.backward()
  optimizer.step()
  answer = logits.argmax().map { letters[$0] }.joined()
  if round % 5 == 0 { print("round \(round): \(answer), loss \(loss.item)") }
}
print("hello → \(answer)")
