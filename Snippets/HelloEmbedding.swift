/// hello → ohlol with an embedding below and a linear layer above: letters in, scores out, and a state as wide as one
/// likes in between.
///
/// Look at: numbers of letters go in, not one-hot rows; the loss falls to nearly nothing, where HelloLayer's
/// stays above 0.34, for scores are no longer bound to tanh's −1 to 1.

import RecurrentNN

struct LetterModel: Module {
  let embedding = Embedding(4, 10)
  let rnn = RNN(10, 8, layers: 2)
  let decoder = Linear(8, 4)
  var children: Children { ["embedding": embedding, "rnn": rnn, "decoder": decoder] }

  /// Scores (T, 4) of the letter at each place.
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
