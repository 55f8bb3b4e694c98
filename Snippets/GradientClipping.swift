/// Gradient clipping, and the norm of each parameter's gradient before and after it.
///
/// Look at: with large recurrent weights all gradients explode; clipping by norm scales them together and so keeps their
/// direction, clipping by value does not; a non-finite gradient is an error that names the parameter.

import Foundation
import RecurrentNN

RandomNumbers.manualSeed(1)
let rnn = RNN(4, 16, nonlinearity: .relu)
rnn.fillParametersUniform(bound: 0.5)
let input = Tensor.randn(30, 2, 4)

/// Computes the gradients of a loss over 30 time steps.
func backward(through rnn: RNN, _ input: Tensor) {
  rnn.zeroGradients()
  rnn(input).output.sum().backward()
}

/// Prints the norm of each parameter's gradient.
func report(_ rnn: RNN) {
  for parameter in rnn.namedParameters {
    let norm = rnn.parameters[0].gradient(named: parameter.name).norm().item
    print("  \(parameter.name): \(String(format: "%.4g", norm))")
  }
}

print("as it comes")
backward(through: rnn, input)
report(rnn)

let before = try clipGradientNorm(rnn.parameters, to: 1)
print("clipped by norm to 1; it was \(String(format: "%.4g", before))")
report(rnn)
let after = try clipGradientNorm(rnn.parameters, to: 1)
print("norm now: \(String(format: "%.3f", after))")

backward(through: rnn, input)
try clipGradientValue(rnn.parameters, to: 0.01)
print("clipped by value to 0.01")
report(rnn)

print("a loss that overflows")
rnn.zeroGradients()
(rnn(input).output.sum() * .infinity).backward()
do throws(GradientNotFinite) {
  try clipGradientNorm(rnn.parameters, to: 1)
} catch {
  print("  error: \(error)")
}
