/// What RNNCell, LSTMCell and GRUCell have in common: one time step at a time, (B, I) or (I) in, states (B, H) or (H).
public protocol RecurrentCell: AnyObject, Module, CustomStringConvertible {
  /// Options, parameters and engine.
  var core: RecurrentCore { get }
}

extension RecurrentCell {
  /// The parameters, by PyTorch's names (`weight_ih`, `weight_hh`, `bias_ih`, `bias_hh`).
  public var parameters: [ParameterStore] { [core.store] }
  /// The options.
  public var options: RecurrentOptions { core.options }
  /// A parameter as a tensor.
  public func parameter(_ name: String) -> Tensor { core.store.tensor(named: name) }

  /// `GRUCell(10, 20)`: the sizes, and the options that differ from the defaults.
  public var description: String {
    let nonlinearity = options.nonlinearity == .tanh ? "" : ", nonlinearity: .\(options.nonlinearity)"
    let bias = options.bias ? "" : ", bias: false"
    return "\(type(of: self))(\(options.inputSize), \(options.hiddenSize)\(nonlinearity)\(bias))"
  }

  /// One step; `states` are h, and for an LSTM c.
  func step(_ input: Tensor, states given: [Tensor]?) -> [Tensor] {
    let isBatched = input.rank == 2
    let batchSize = isBatched ? input.size(0) : 1
    let stateShape = isBatched ? [batchSize, options.hiddenSize] : [options.hiddenSize]
    let stateCount = core.shape.cell == .lstm ? 2 : 1
    let states = given ?? (0..<stateCount).map { _ in Tensor.zeros(shape: stateShape) }
    orStop { () throws(LayerError) in
      try check(input.shape, states.map(\.shape), expected: stateShape, isBatched: isBatched)
    }
    var walk = Walk()
    walk.setUniform(timeStepCount: 1, batchSize: batchSize)
    let result = core.run(
      input.reshape(-1, options.inputSize), walk,
      state: states.map { $0.reshape(1, batchSize, options.hiddenSize) }, isTraining: false)
    return result.state.map { $0.reshaped(to: stateShape) }
  }

  private func check(
    _ input: [Int], _ states: [[Int]], expected: [Int], isBatched: Bool
  ) throws(LayerError) {
    guard input.count == 1 || input.count == 2 else { throw .inputRank(found: input, expected: "(B, I) or (I)") }
    guard input[input.count - 1] == options.inputSize else {
      throw .inputWidth(found: input[input.count - 1], expected: options.inputSize)
    }
    for (name, shape) in zip(["h", "c"], states) where shape != expected {
      if shape.count != expected.count, shape.count == 1 || shape.count == 2 {
        throw .batchMismatch(inputIsBatched: isBatched, name: name, stateShape: shape)
      }
      throw .stateShape(name: name, found: shape, expected: expected)
    }
  }
}

/// One step of Elman's network, PyTorch's `nn.RNNCell`.
public final class RNNCell: RecurrentCell {
  /// Options, parameters and engine.
  public let core: RecurrentCore

  /// A cell with PyTorch's initial values.
  public init(_ inputSize: Int, _ hiddenSize: Int, bias: Bool = true, nonlinearity: Nonlinearity = .tanh) {
    var options = RecurrentOptions(inputSize: inputSize, hiddenSize: hiddenSize)
    options.bias = bias
    options.nonlinearity = nonlinearity
    core = RecurrentCore(.rnn, options, isCell: true)
  }

  /// h' from the zero state.
  public func callAsFunction(_ input: Tensor) -> Tensor { step(input, states: nil)[0] }
  /// h' from h.
  public func callAsFunction(_ input: Tensor, _ hidden: Tensor) -> Tensor { step(input, states: [hidden])[0] }
}

/// One step of a gated recurrent unit, PyTorch's `nn.GRUCell`.
public final class GRUCell: RecurrentCell {
  /// Options, parameters and engine.
  public let core: RecurrentCore

  /// A cell with PyTorch's initial values.
  public init(_ inputSize: Int, _ hiddenSize: Int, bias: Bool = true) {
    var options = RecurrentOptions(inputSize: inputSize, hiddenSize: hiddenSize)
    options.bias = bias
    core = RecurrentCore(.gru, options, isCell: true)
  }

  /// h' from the zero state.
  public func callAsFunction(_ input: Tensor) -> Tensor { step(input, states: nil)[0] }
  /// h' from h.
  public func callAsFunction(_ input: Tensor, _ hidden: Tensor) -> Tensor { step(input, states: [hidden])[0] }
}

/// One step of long short-term memory, PyTorch's `nn.LSTMCell`.
public final class LSTMCell: RecurrentCell {
  /// Options, parameters and engine.
  public let core: RecurrentCore

  /// A cell with PyTorch's initial values.
  public init(_ inputSize: Int, _ hiddenSize: Int, bias: Bool = true) {
    var options = RecurrentOptions(inputSize: inputSize, hiddenSize: hiddenSize)
    options.bias = bias
    core = RecurrentCore(.lstm, options, isCell: true)
  }

  /// h' and c' from the zero state.
  public func callAsFunction(_ input: Tensor) -> LSTM.State {
    let states = step(input, states: nil)
    return (states[0], states[1])
  }

  /// h' and c' from h and c.
  public func callAsFunction(_ input: Tensor, _ state: LSTM.State) -> LSTM.State {
    let states = step(input, states: [state.hidden, state.cell])
    return (states[0], states[1])
  }
}
