import Foundation
import RecurrentNN
import Testing

/// A network of one's own, with RecurrentNN alone.
@Suite struct LayerTests {
  /// Says of each time step whether it has seen more ones than zeros.
  struct Counter: Module {
    let rnn = GRU(1, 12)
    let decoder = Linear(12, 1)

    var children: Children { ["rnn": rnn, "decoder": decoder] }

    /// (T, B, 1) → (T, B, 1).
    func callAsFunction(_ input: Tensor) -> Tensor { decoder(rnn(input).output) }
  }

  @Test("a module is trained in a loop, saved and loaded")
  func network() throws {
    RandomNumbers.manualSeed(7)
    let network = Counter()
    let (timeCount, batch) = (8, 16)
    let signs = (0..<timeCount * batch).map { Float($0 * 7919 % 13 < 6 ? 1 : -1) }
    var balance = [Float](repeating: 0, count: batch)
    let wanted = signs.enumerated().map { index, sign in
      balance[index % batch] += sign
      return balance[index % batch] / Float(timeCount)
    }
    let (input, target) = (Tensor(signs, shape: [timeCount, batch, 1]), Tensor(wanted, shape: [timeCount, batch, 1]))
    let optimizer = Adam(network.parameters, learningRate: 1e-2)
    var losses: [Float] = []
    for _ in 0..<150 {
      optimizer.zeroGradients()
      let loss = meanSquaredError(network(input), target)
      loss.backward()
      try clipGradientNorm(network.parameters, to: 1)
      optimizer.step()
      losses.append(loss.item)
    }
    #expect(losses[149] < losses[0] / 20, "\(losses[0]) \(losses[149])")

    let path = FileManager.default.temporaryDirectory.appending(path: "\(UUID()).safetensors").path
    defer { try? FileManager.default.removeItem(atPath: path) }
    try network.save(to: path)
    let other = Counter()
    #expect(other(input).values != network(input).values)
    try other.load(from: path)
    #expect(other(input).values == network(input).values)
    #expect(network.namedParameters.map(\.name).prefix(2) == ["rnn.weight_ih_l0", "rnn.weight_hh_l0"])
    #expect(throws: ModuleFileError.self) { try Linear(3, 3).load(from: path) }
  }
}
