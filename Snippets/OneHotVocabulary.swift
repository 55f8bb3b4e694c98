/// A vocabulary of 1,027 tokens as one-hot input: (35, 2, 1027) → (35, 2, 256).
///
/// Look at: the shapes from tokens to scores, the state that is passed from one chunk to the next, and the loss of an
/// untrained model: the logarithm of the vocabulary's size, ln 1027 = 6.93.

import RecurrentNN

RandomNumbers.manualSeed(1)
var generator = SeededGenerator(seed: 1)
let (T, B, V, H) = (35, 2, 1027, 256)
let tokens = (0..<(T + 1) * B).map { _ in Int.random(in: 0..<V, using: &generator) }  // (T + 1, B), row by row

let input = Tensor.oneHot(Array(tokens.dropLast(B)), classes: V).reshape(T, B, V)
let rnn = RNN(V, H)
let decoder = Linear(H, V)
print(rnn, decoder)

var (output, state) = rnn(input)
print("\(input.shape) → \(output.shape), state \(state.shape)")

let logits = decoder(output)
print("scores \(logits.shape)")
let loss = crossEntropy(logits.reshape(-1, V), Array(tokens.dropFirst(B)))
print("loss \(loss)")

loss.backward()
print("gradient of weight_ih_l0:", rnn.parameters[0].gradient(named: "weight_ih_l0").shape)

// The next chunk starts from this one's state, detached from its history.
(output, state) = rnn(input, state.detached())
print("next chunk: \(output.shape), state \(state.shape)")
