import RecurrentNN
import Testing

/// Shapes and parts of outputs and states, on values.
@Suite("Shapes of the layers") struct LayerShapeTests {
  private func isClose(_ a: [Float], _ b: [Float], within tolerance: Float = 1e-6) -> Bool {
    a.count == b.count && zip(a, b).allSatisfy { abs($0 - $1) <= tolerance }
  }

  @Test("an unbatched sequence gives what a batch of one gives, without the batch")
  func unbatched() {
    let input = Tensor.randn(4, 3)
    for bidirectional in [false, true] {
      let gru = GRU(3, 5, layers: 2, bidirectional: bidirectional)
      let (alone, batched) = (gru(input), gru(input.unsqueeze(1)))
      let width = bidirectional ? 10 : 5
      #expect(alone.output.shape == [4, width] && batched.output.shape == [4, 1, width])
      #expect(alone.hidden.shape == [bidirectional ? 4 : 2, 5])
      #expect(isClose(alone.output.values, batched.output.values), "bidirectional \(bidirectional)")
      #expect(isClose(alone.hidden.values, batched.hidden.values), "bidirectional \(bidirectional)")
    }
  }

  @Test("final states by name are the ends of the output: the last step forward, the first in reverse")
  func finalStates() {
    let lstm = LSTM(3, 4, layers: 2, bidirectional: true, projectionSize: 2)
    let (output, state) = lstm(.randn(5, 2, 3))
    let forward = lstm.part(output, direction: .forward)
    let reverse = lstm.part(output, direction: .reverse)
    #expect(forward.shape == [5, 2, 2] && state.cell.shape == [4, 2, 4])
    #expect(lstm.final(state.hidden, layer: 1, direction: .forward).values == forward[4].values)
    #expect(lstm.final(state.hidden, layer: 1, direction: .reverse).values == reverse[0].values)
  }

  @Test("batch-first changes input and output, never the states")
  func batchFirst() {
    let (usual, turned) = (RNN(3, 4, layers: 2), RNN(3, 4, layers: 2, batchFirst: true))
    for layout in usual.core.store.layouts {
      turned.core.store.setValues(usual.core.store.values(named: layout.name), named: layout.name)
    }
    let (input, hidden) = (Tensor.randn(5, 2, 3), Tensor.randn(2, 2, 4))
    let (expected, found) = (usual(input, hidden), turned(input.transpose(0, 1), hidden))
    #expect(isClose(found.output.transpose(0, 1).values, expected.output.values))
    #expect(found.hidden.shape == [2, 2, 4] && isClose(found.hidden.values, expected.hidden.values))
  }

  @Test("a batch of none works, forward and back")
  func emptyBatch() {
    let lstm = LSTM(3, 4)
    let (output, state) = lstm(Tensor.zeros(5, 0, 3))
    #expect(output.shape == [5, 0, 4] && state.hidden.shape == [1, 0, 4])
    output.sum().backward()
    #expect(lstm.core.store.gradient(named: "weight_hh_l0").values.allSatisfy { $0 == 0 })
  }

  @Test("under dropout the gradients are the slopes of the same mask", arguments: [UInt64(1), 2, 3])
  func dropoutGradients(seed: UInt64) {
    let (rnn, input) = RandomNumbers.withSeed(seed) {
      (RNN(2, 4, layers: 2, dropout: 0.5), Tensor.randn(3, 2, 2))
    }
    let store = rnn.core.store
    // The same seed before each run draws the same mask.
    func loss() -> Tensor {
      RandomNumbers.withSeed(seed) { (rnn(input).output * 3).sum() }
    }
    loss().backward()
    let gradient = store.gradient(named: "weight_ih_l0").values
    let values = store.values(named: "weight_ih_l0")
    for place in values.indices {
      let slopes = [Float(1e-2), -1e-2].map { step in
        var moved = values
        moved[place] += step
        store.setValues(moved, named: "weight_ih_l0")
        return withoutRecording { loss().item } / (2 * step)
      }
      #expect(abs(slopes[0] + slopes[1] - gradient[place]) <= 2e-2 * max(1, abs(gradient[place])), "weight \(place)")
    }
  }
}
