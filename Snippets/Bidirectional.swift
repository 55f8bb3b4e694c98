/// A bidirectional layer: it reads the sequence from both ends, with separate weights for each direction.
///
/// Look at: the output is twice as wide, forward and reverse side by side; hidden has a row for each layer and direction;
/// the reverse direction ends at the first time step.

import RecurrentNN

RandomNumbers.manualSeed(1)
let (T, B, H) = (10, 3, 20)
let rnn = RNN(100, H, layers: 2, bidirectional: true)
let (output, hidden) = rnn(Tensor.randn(T, B, 100))
print(rnn)
print("output \(output.shape), hidden \(hidden.shape)")

// By name …
let forward = rnn.part(output, direction: .forward)
let reverse = rnn.part(output, direction: .reverse)
print("forward \(forward.shape), reverse \(reverse.shape)")
let forwardEnd = rnn.final(hidden, layer: 1, direction: .forward)
let reverseEnd = rnn.final(hidden, layer: 1, direction: .reverse)
print("forward ends at the last step:", forward[T - 1].values == forwardEnd.values)
print("reverse ends at the first step:", reverse[0].values == reverseEnd.values)

// … or by shape, as in PyTorch.
let byDirection = output.reshape(T, B, 2, H)
print("by shape the same:", byDirection.narrowed(2, to: 1..<2).squeeze(2).values == reverse.values)
let states = hidden.reshape(2, 2, B, H)  // (L, D, B, H)
print("by shape the same:", states[1][1].values == reverseEnd.values)

// One vector for a whole sentence: the final states of both directions, concatenated.
print("sentence vectors:", Tensor.cat([forwardEnd, reverseEnd], -1).shape)
