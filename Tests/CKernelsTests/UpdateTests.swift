import CKernels
// Norms, scaling and the optimizers.

import Testing

@Suite("Updates")
struct UpdateTests {
  @Test("the squared norm is summed in double", arguments: Table.available, widths + [0, 1000, 4097])
  func squaredNorm(table: Table, count: Int) {
    var random = Random(count)
    let x = random.floats(count, in: -1e4...1e4)
    let expected = x.reduce(0) { $0 + Double($1) * Double($1) }
    #expect(abs(table.kernels.squared_norm(count, x) - expected) <= 1e-13 * expected)
  }

  @Test("scaling multiplies each element", arguments: Table.available, widths)
  func scale(table: Table, count: Int) {
    var random = Random(count)
    let x = random.floats(count)
    let buffer = Buffer(x)
    table.kernels.scale(count, 0.3, buffer.pointer)
    #expect(buffer.values == x.map { $0 * 0.3 } && buffer.isIntact)
  }

  @Test("Adam follows its equations", arguments: Table.available, widths)
  func adam(table: Table, count: Int) {
    var random = Random(count)
    let (start, gradient) = (random.floats(count), random.floats(count))
    let (beta1, beta2, rate, epsilon) = (0.9, 0.999, 1e-2, 1e-8)
    for (l2, decay) in [(0.0, 0.0), (0.1, 0.0), (0.0, 0.1)] {
      let zeros = [Float](repeating: 0, count: count)
      let (p, m, v) = (Buffer(start), Buffer(zeros), Buffer(zeros))
      var (expectedP, expectedM) = (start.map(Double.init), [Double](repeating: 0, count: count))
      var expectedV = expectedM
      var (power1, power2) = (1.0, 1.0)
      for _ in 1...3 {
        power1 *= beta1
        power2 *= beta2
        table.kernels.adam_update(
          count, p.pointer, gradient, m.pointer, v.pointer, 0.5, Float(rate), Float(beta1), Float(beta2),
          Float(epsilon), Float(1 - power1), Float(1 - power2), Float(l2), Float(decay))
        for i in 0..<count {
          let g = 0.5 * Double(gradient[i]) + l2 * expectedP[i]
          expectedM[i] = beta1 * expectedM[i] + (1 - beta1) * g
          expectedV[i] = beta2 * expectedV[i] + (1 - beta2) * g * g
          let root = (expectedV[i] / (1 - power2)).squareRoot() + epsilon
          expectedP[i] = expectedP[i] * (1 - rate * decay) - rate / (1 - power1) * expectedM[i] / root
        }
      }
      expect(p, equals: expectedP, within: 2e-6, "p with l2 \(l2), decay \(decay)")
      expect(m, equals: expectedM, within: 1e-6, "m")
      expect(v, equals: expectedV, within: 1e-6, "v")
    }
  }

  @Test("SGD follows its equations", arguments: Table.available, widths)
  func sgd(table: Table, count: Int) {
    var random = Random(count)
    let (start, gradient) = (random.floats(count), random.floats(count))
    for (momentum, isNesterov) in [(0.0, false), (0.9, false), (0.9, true)] {
      let (p, velocity) = (Buffer(start), Buffer([Float](repeating: 0, count: count)))
      var (expectedP, expectedV) = (start.map(Double.init), [Double](repeating: 0, count: count))
      for _ in 1...3 {
        table.kernels.sgd_update(
          count, p.pointer, gradient, momentum > 0 ? velocity.pointer : nil, 0.5, 1e-2, Float(momentum), isNesterov,
          0.1)
        for i in 0..<count {
          let g = 0.5 * Double(gradient[i]) + 0.1 * expectedP[i]
          expectedV[i] = momentum * expectedV[i] + g
          expectedP[i] -= 1e-2 * (isNesterov ? g + momentum * expectedV[i] : expectedV[i])
        }
      }
      expect(p, equals: expectedP, within: 1e-6, "p with momentum \(momentum)")
      if momentum > 0 { expect(velocity, equals: expectedV, within: 1e-6, "velocity") }
    }
  }

  @Test("RMSprop follows its equations", arguments: Table.available, widths)
  func rmsprop(table: Table, count: Int) {
    var random = Random(count)
    let (start, gradient) = (random.floats(count), random.floats(count))
    for momentum in [0.0, 0.7] {
      let zeros = [Float](repeating: 0, count: count)
      let (p, square, velocity) = (Buffer(start), Buffer(zeros), Buffer(zeros))
      var (expectedP, expectedV) = (start.map(Double.init), [Double](repeating: 0, count: count))
      var expectedB = expectedV
      for _ in 1...3 {
        table.kernels.rmsprop_update(
          count, p.pointer, gradient, square.pointer, momentum > 0 ? velocity.pointer : nil, 0.5, 1e-2, 0.9, 1e-3,
          Float(momentum), 0.1)
        for i in 0..<count {
          let g = 0.5 * Double(gradient[i]) + 0.1 * expectedP[i]
          expectedV[i] = 0.9 * expectedV[i] + 0.1 * g * g
          expectedB[i] = momentum * expectedB[i] + g / (expectedV[i].squareRoot() + 1e-3)
          expectedP[i] -= 1e-2 * expectedB[i]
        }
      }
      expect(p, equals: expectedP, within: 2e-6, "p with momentum \(momentum)")
      expect(square, equals: expectedV, within: 1e-6, "mean square")
    }
  }

  @Test("a running mean keeps its part", arguments: Table.available, widths)
  func average(table: Table, count: Int) {
    var random = Random(count)
    let (p, start) = (random.floats(count), random.floats(count))
    let mean = Buffer(start)
    table.kernels.average_update(count, p, mean.pointer, 0.25)
    expect(mean, equals: zip(start, p).map { Double($0) + 0.25 * (Double($1) - Double($0)) }, within: 1e-6, "mean")
  }

  @Test("adapting moves against the scaled gradient and back to the origin", arguments: Table.available, widths)
  func adapt(table: Table, count: Int) {
    var random = Random(count)
    let (start, gradient, origin) = (random.floats(count), random.floats(count), random.floats(count))
    let (scales, returns) = (random.floats(count, in: 0...3), random.floats(count, in: 0...3))
    let p = Buffer(start)
    table.kernels.adapt_update(count, p.pointer, gradient, scales, returns, origin, 0.1, 0.5)
    let expected = (0..<count).map { i in
      let part = min(0.5 * Double(returns[i]), 1)
      return Double(start[i]) - 0.1 * Double(gradient[i]) * Double(scales[i])
        + part * (Double(origin[i]) - Double(start[i]))
    }
    expect(p, equals: expected, within: 2e-6, "p")
  }
}
