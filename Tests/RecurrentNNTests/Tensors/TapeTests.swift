import RecurrentNN
import Testing

@Suite struct TapeTests {
  typealias Operation = @Sendable (Tensor, Tensor) -> Tensor
  static let operations: [(name: String, left: [Int], right: [Int], apply: Operation)] = [
    ("sum", [2, 3], [3], { $0 + $1 }), ("difference", [2, 1], [1, 3], { $0 - $1 }),
    ("product", [3], [2, 3], { $0 * $1 }), ("quotient", [2, 3], [2, 1], { $0 / $1 }),
    ("matmul", [2, 2, 3], [3, 4], { $0 • $1 }), ("vector matmul", [3], [3, 2], { $0 • $1 }),
    ("tanh", [4], [4], { $0.tanh() * $1 }), ("sigmoid", [4], [4], { $0.sigmoid() * $1 }),
    ("relu", [4], [4], { ($0 - 1).relu() * $1 }), ("exp", [4], [4], { $0.exp() * $1 }),
    ("log", [4], [4], { $0.log() * $1 }), ("root", [4], [4], { $0.squareRoot() * $1 }),
    ("softmax", [2, 3], [2, 3], { $0.softmax() * $1 }), ("log softmax", [2, 3], [3], { $0.logSoftmax() * $1 }),
    ("sum along", [2, 3, 2], [2, 2], { $0.sum(1) * $1 }), ("mean", [2, 3], [2], { $0.mean() * $1 }),
    ("mean along", [2, 3], [2, 1], { $0.mean(-1, keepsDimension: true) * $1 }), ("norm", [4], [4], { $0.norm() * $1 }),
    ("transpose", [2, 3, 2], [2, 3, 2], { $0.transpose(0, 2) * $1 }),
    ("reshape", [2, 3], [6], { $0.reshape(-1) * $1 }),
    ("index", [3, 2], [2], { $0[-1] * $1 }), ("range", [3, 2], [2, 2], { $0[1..<3] * $1 }),
    ("narrow", [3, 4], [3, 2], { $0.narrowed(-1, to: 1..<3) * $1 }),
    ("chunks", [2, 4], [2, 2], { $0.chunked(2)[0] * $0.chunked(2)[1] * $1 }),
    ("gather", [3, 2], [3, 2], { $0.gather([2, 0, 2]) * $1 }),
    ("cat", [2, 1], [2, 3], { Tensor.cat([$0, $1, $0], 1).exp() }),
    ("stack", [2, 3], [2, 3], { Tensor.stack([$0, $1], 1).exp() }),
    ("unsqueeze", [2, 3], [2, 3], { $0.unsqueeze(1).squeeze(1) * $1 }), ("negative", [4], [4], { -$0 * (2 - $1) / 3 }),
    ("cross entropy", [2, 3], [1], { crossEntropy($0, [2, 0]) * $1 }),
    ("squared error", [2, 3], [2, 3], { meanSquaredError($0, $1) }),
  ]

  @Test("the gradient of an operation is its slope", arguments: 0..<31)
  func slopes(_ index: Int) throws {
    let (name, leftShape, rightShape, apply) = Self.operations[index]
    func loss(_ a: Tensor, _ b: Tensor) -> Tensor {
      let y = apply(a, b)
      let weights: [Float] = (0..<y.count).map { 0.5 + 0.1 * Float($0) }
      return (y * Tensor(weights, shape: y.shape)).sum()
    }
    let leaves = [leftShape, rightShape].enumerated().map { number, shape in
      let values: [Float] = (0..<shape.reduce(1, *)).map { place in
        let step = (place * 5 + number * 3) % 7
        return 0.6 + 0.17 * Float(step)
      }
      return Tensor(values, shape: shape).recorded()
    }
    loss(leaves[0], leaves[1]).backward()
    for (number, leaf) in leaves.enumerated() {
      let gradient = try #require(leaf.gradient).values
      for place in gradient.indices {
        // float32: half a step of 2^-7 leaves an error of about its square, and of rounding over it.
        let moved = [Float(0x1p-7), -0x1p-7].map { step in
          var values = leaf.values
          values[place] += step
          let other = Tensor(values, shape: leaf.shape)
          return number == 0 ? loss(other, leaves[1]).item : loss(leaves[0], other).item
        }
        let slope = (moved[0] - moved[1]) / 0x1p-6
        #expect(abs(slope - gradient[place]) <= 5e-3 * max(1, abs(slope)), "\(name), \(number), \(place)")
      }
    }
  }

  @Test("gradients add up, stop where cut off, and reach what asked for them")
  func recording() {
    let x = Tensor([2, 3]).recorded()
    let square = x * x
    square.keepGradient()
    square.sum().backward()
    square.sum().backward()
    #expect(x.gradient?.values == [8, 12])
    #expect(square.gradient?.values == [2, 2])
    x.zeroGradient()
    #expect(x.gradient == nil)
    (x * x.detached()).sum().backward()
    #expect(x.gradient?.values == [2, 3])
    #expect(withoutRecording { x * x }.isRecorded == false)
  }

  @Test("a chain of two hundred thousand operations is freed")
  func longChain() {
    var x = Tensor(0).recorded()
    for _ in 0..<200_000 { x = x + 1 }
    #expect(x.item == 200_000)
  }

  @Test("relu passes on what is not a number")
  func notANumber() { #expect(Tensor([.nan]).relu().item.isNaN) }

  @Test("evenly spaced values end below the end, as PyTorch's arange has them")
  func arange() {
    #expect(Tensor.arange(0, 5).values == [0, 1, 2, 3, 4])
    #expect(Tensor.arange(1, 2, step: 0.25).values == [1, 1.25, 1.5, 1.75])
    #expect(Tensor.arange(3, 0, step: -1).values == [3, 2, 1])
    #expect(Tensor.arange(2, 2).shape == [0])
  }

  @Test("uniform values lie in [0, 1) and follow the seed")
  func rand() {
    let first = RandomNumbers.withSeed(5) { Tensor.rand(100, 3) }
    #expect(first.shape == [100, 3])
    #expect(first.values.allSatisfy { $0 >= 0 && $0 < 1 })
    #expect(abs(first.mean().item - 0.5) < 0.1)
    #expect(RandomNumbers.withSeed(5) { Tensor.rand(100, 3) }.values == first.values)
    #expect(RandomNumbers.withSeed(6) { Tensor.rand(100, 3) }.values != first.values)
  }
}
