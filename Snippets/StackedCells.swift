/// Two cells of different sizes, stacked: a layer's stack cannot do this, since all its cells have one size.
///
/// Look at: the state of the first cell (30 wide) is the input of the second (20 wide); each has its own state.

import RecurrentNN

RandomNumbers.manualSeed(1)
let lower = RNNCell(100, 30)
let upper = RNNCell(30, 20)
print(lower, "→", upper)

let inputs = Tensor.randn(10, 3, 100)
var (lowerState, upperState) = (Tensor.zeros(3, 30), Tensor.zeros(3, 20))
var outputs: [Tensor] = []
for time in 0..<10 {
  lowerState = lower(inputs[time], lowerState)
  upperState = upper(lowerState, upperState)
  outputs.append(upperState)
}
print("states: lower \(lowerState.shape), upper \(upperState.shape)")
print("output: \(Tensor.stack(outputs).shape)")

// The gradient of the last output reaches both cells.
upperState.sum().backward()
print("gradient of lower weight_ih:", lower.parameters[0].gradient(named: "weight_ih").norm().item > 0)
print("gradient of upper weight_hh:", upper.parameters[0].gradient(named: "weight_hh").norm().item > 0)
