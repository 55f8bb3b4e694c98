/// What a packed batch costs, compared with a uniform batch that has as many real time steps in all.
///
/// Look at: the ratio of the two times, which should be about 1. Both batches take turns through the same LSTM, forward
/// and backward. Run it optimized: `swift run -c release PackedCost`.

import RecurrentNN

let (width, hiddenSize, batchSize, longest) = (64, 128, 32, 40)
let lstm = LSTM(width, hiddenSize)

// Lengths from 21 to 40, and a uniform batch with as many time steps in all.
let lengths = (0..<batchSize).map { longest - $0 % 20 }
let realSteps = lengths.reduce(0, +)
let packed = try PackedSequence.pack(lengths.map { Tensor.randn($0, width) })
let uniform = Tensor.randn(realSteps / batchSize, batchSize, width)

func seconds(_ body: () -> Void) -> Double {
  let duration = ContinuousClock().measure(body).components
  return Double(duration.seconds) + Double(duration.attoseconds) * 1e-18
}

var ratios: [Double] = []
for _ in 0..<21 {
  let packedTime = seconds { lstm(packed).output.data.sum().backward() } / Double(realSteps)
  let uniformTime = seconds { lstm(uniform).output.sum().backward() } / Double(realSteps / batchSize * batchSize)
  ratios.append(packedTime / uniformTime)
}
ratios.sort()
func rounded(_ ratio: Double) -> Double { (ratio * 100).rounded() / 100 }
print("real time steps: \(realSteps)")
print("packed against uniform: \(rounded(ratios[10])) (\(rounded(ratios[3])) to \(rounded(ratios[17])))")
