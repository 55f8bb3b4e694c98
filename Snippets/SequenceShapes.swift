/// A whole sequence in one call, and the shapes of what comes out.
///
/// Look at: `output` holds the last layer's state at every time step, `hidden` every layer's state at the last one;
/// `batchFirst` transposes input and output but never the states; without a batch, B is simply missing.

import RecurrentNN

let rnn = RNN(100, 20)
print(rnn)
let one = rnn(Tensor.randn(10, 3, 100))  // (T, B, I)
print("output \(one.output.shape), hidden \(one.hidden.shape)")
print("output's last step is hidden:", one.output[9].values == one.hidden[0].values)

let deep = RNN(100, 20, layers: 4)
print(deep)
let four = deep(Tensor.randn(10, 3, 100), Tensor.zeros(4, 3, 20))  // h0: (L, B, H)
print("output \(four.output.shape), hidden \(four.hidden.shape)")
print("output's last step is layer 3's hidden:", four.output[9].values == deep.final(four.hidden, layer: 3).values)

let batchFirst = RNN(100, 20, layers: 4, batchFirst: true)
print(batchFirst)
let turned = batchFirst(Tensor.randn(3, 10, 100))  // (B, T, I)
print("output \(turned.output.shape), hidden \(turned.hidden.shape)")

let unbatched = deep(Tensor.randn(10, 100))  // (T, I)
print("unbatched: output \(unbatched.output.shape), hidden \(unbatched.hidden.shape)")
