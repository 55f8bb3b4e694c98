import RecurrentNN
import TestSupport
import Testing

@Suite struct CustomCellTests {
  @Test("an LSTM written with the tape gives the fused one's numbers and gradients")
  func lstm() throws {
    let (fused, steps) = (LSTM(3, 4), 5)
    let input = Tensor.randn(steps, 2, 3)
    let weights = fused.parameters[0].layouts.map { layout in
      Tensor(fused.parameter(layout.name).values, shape: layout.shape).recorded()
    }
    var (h, c) = (Tensor.zeros(2, 4), Tensor.zeros(2, 4))
    var outputs: [Tensor] = []
    for step in 0..<steps {
      let sums = input[step] • weights[0].transpose() + h • weights[1].transpose() + weights[2] + weights[3]
      let gates = sums.chunked(4)
      c = gates[1].sigmoid() * c + gates[0].sigmoid() * gates[2].tanh()
      h = gates[3].sigmoid() * c.tanh()
      outputs.append(h)
    }
    let custom = Tensor.stack(outputs)
    let result = fused(input)
    #expect(relativeError(custom.values, result.output.values) <= 1e-5)
    #expect(relativeError(c.values, result.state.cell.values) <= 1e-5)
    (custom * custom).sum().backward()
    (result.output * result.output).sum().backward()
    for (layout, weight) in zip(fused.parameters[0].layouts, weights) {
      let gradient = try #require(weight.gradient)
      #expect(relativeError(gradient.values, fused.parameter(layout.name).gradient?.values ?? []) <= 1e-4)
    }
  }
}
