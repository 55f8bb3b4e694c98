@testable import RecurrentNN
import Testing

@Suite struct LayerErrorTests {
  static let options: [(CellKind, @Sendable (inout RecurrentOptions) -> Void, String)] = [
    (.rnn, { $0.inputSize = 0 }, "inputSize must be positive, not 0"),
    (.gru, { $0.hiddenSize = -1 }, "hiddenSize must be positive, not -1"),
    (.lstm, { $0.layers = 0 }, "layers must be positive, not 0"),
    (.lstm, { $0.dropout = 1.5 }, "dropout must be a probability from 0 to 1, not 1.5"),
    (.lstm, { $0.dropout = -0.5 }, "dropout must be a probability from 0 to 1, not -0.5"),
    (.lstm, { $0.dropout = .nan }, "dropout must be a probability from 0 to 1, not nan"),
    (.lstm, { $0.projectionSize = -1 }, "projectionSize must be from 0 to below hiddenSize (3), not -1"),
    (.lstm, { $0.projectionSize = 3 }, "projectionSize must be from 0 to below hiddenSize (3), not 3"),
    (.gru, { $0.projectionSize = 2 }, "a projection is for LSTM only, not for GRU"),
    (.rnn, { $0.projectionSize = 2 }, "a projection is for LSTM only, not for RNN"),
  ]

  @Test("options that cannot be are named with their value", arguments: 0..<10)
  func wrongOptions(_ index: Int) {
    let (cell, change, message) = Self.options[index]
    var options = RecurrentOptions(inputSize: 2, hiddenSize: 3)
    change(&options)
    #expect(text(of: { () throws(LayerError) in try options.check(for: cell) }) == message)
  }

  @Test("dropout with one layer is warned of")
  func warning() {
    var options = RecurrentOptions(inputSize: 2, hiddenSize: 3)
    options.dropout = 0.5
    #expect(options.warning == "dropout 0.5 does nothing with one layer: it falls between layers")
    options.layers = 2
    #expect(options.warning == nil)
  }

  static let shapes: [(input: [Int], states: [[Int]], message: String)] = [
    ([2], [], "expected an input of shape (T, B, I) or (T, I), got [2]"),
    ([1, 1, 1, 2], [], "expected an input of shape (T, B, I) or (T, I), got [1, 1, 1, 2]"),
    ([4, 5, 3], [], "expected an input of width 2, got 3"),
    ([0, 5, 2], [], "expected an input of at least one time step, got none"),
    ([4, 5, 2], [[1, 5, 4], [1, 5, 3]], "expected h of shape [1, 5, 3], got [1, 5, 4]"),
    ([4, 5, 2], [[1, 5, 3], [1, 4, 3]], "expected c of shape [1, 5, 3], got [1, 4, 3]"),
    ([4, 5, 2], [[1, 3], [1, 5, 3]], "the input is batched but h, of shape [1, 3], is not"),
    ([4, 2], [[1, 3], [1, 1, 3]], "the input is unbatched but c, of shape [1, 1, 3], is batched"),
    ([4, 2], [[3], [1, 3]], "expected h of shape [1, 3], got [3]"),
  ]

  @Test("inputs and states of a wrong shape are named with both shapes", arguments: 0..<9)
  func wrongShapes(_ index: Int) {
    let (input, states, expected) = Self.shapes[index]
    let layer = LSTM(2, 3)
    let found = text { () throws(LayerError) in
      try InputForm(input, layer.core).check(states, layer.core)
    }
    #expect(found == expected)
  }

  static let lengths: [(lengths: [Int], sorted: Bool, message: String)] = [
    ([], false, "0 lengths for a batch of 2"),
    ([3], false, "1 lengths for a batch of 2"),
    ([3, 0], false, "sequence 1 has length 0; lengths must be positive"),
    ([-1, 2], false, "sequence 0 has length -1; lengths must be positive"),
    ([4, 2], false, "sequence 0 has length 4, the padded batch only 3 time steps"),
    ([1, 3], true, "lengths must fall where sorted input is promised, not [1, 3]"),
  ]

  @Test("lengths that cannot be packed are named", arguments: 0..<6)
  func wrongLengths(_ index: Int) {
    let (lengths, sorted, message) = Self.lengths[index]
    let error = #expect(throws: PackedSequence.Problem.self) {
      try PackedSequence.pack(padded: .zeros(3, 2, 1), lengths: lengths, enforceSorted: sorted)
    }
    #expect(error?.description == message)
  }

  @Test("no sequences, and a total length below the longest, are errors")
  func totals() throws {
    #expect(throws: PackedSequence.Problem.noSequences) { try PackedSequence.pack([]) }
    let packed = try PackedSequence.pack([.zeros(3, 1), .zeros(2, 1)])
    let error = #expect(throws: PackedSequence.Problem.self) { try packed.padded(totalLength: 2) }
    #expect(error?.description == "a total length of 2 is shorter than the longest, 3")
  }

  @Test("a layer stops the program at a wrong input")
  func stops() async {
    await #expect(processExitsWith: .failure) { _ = LSTM(2, 3)(Tensor.zeros(4, 5, 7)) }
  }

  /// In optimized builds a failed precondition prints no message: these must.
  @Test("a caller's mistake stops the program with both values")
  func messages() async throws {
    func check(_ result: ExitTest.Result?, _ message: String) {
      let text = String(decoding: result?.standardErrorContent ?? [], as: UTF8.self)
      #expect(text.contains(message), "\(text)")
    }
    let observed: [any PartialKeyPath<ExitTest.Result> & Sendable] = [\.standardErrorContent]
    check(
      await #expect(processExitsWith: .failure, observing: observed) { _ = Embedding(5, 2)([1, 5]) },
      "token 5 of an embedding of 5 tokens")
    check(
      await #expect(processExitsWith: .failure, observing: observed) { _ = Linear(3, 2)(Tensor.zeros(4, 5)) },
      "expected an input of width 3, got 5")
    check(
      await #expect(processExitsWith: .failure, observing: observed) { _ = crossEntropy(Tensor.zeros(2, 3), [0, 3]) },
      "target 3 of 3 classes")
    check(
      await #expect(processExitsWith: .failure, observing: observed) { _ = Tensor.zeros(2, 3) + Tensor.zeros(2) },
      "sum of the shapes [2, 3] and [2]")
    check(
      await #expect(processExitsWith: .failure, observing: observed) { _ = Tensor.zeros(2, 3).item },
      "item of a tensor of shape [2, 3], which has 6 values")
    check(
      await #expect(processExitsWith: .failure, observing: observed) {
        Linear(2, 2).parameters[0].setValues([1, 2, 3], named: "bias")
      }, "3 values for bias, which has 2")
    check(
      await #expect(processExitsWith: .failure, observing: observed) { _ = Tensor([1, 2, 3], shape: [2, 2]) },
      "3 values for the shape [2, 2]")
  }

  @Test("a second backward pass through a run stops the program")
  func secondBackward() async {
    await #expect(processExitsWith: .failure) {
      let loss = GRU(2, 3)(Tensor.zeros(4, 5, 2)).output.sum()
      loss.backward()
      loss.backward()
    }
  }

  private func text(of body: () throws(LayerError) -> Void) -> String? {
    do throws(LayerError) { try body() } catch { return error.description }
    return nil
  }
}
