/// Long short-term memory, gates in order i, f, g, o, PyTorch's `nn.LSTM`:
/// i, f, o = σ(·), g = tanh(·) of W_ih x + b_ih + W_hh h + b_hh; c' = f ⊙ c + i ⊙ g; h' = o ⊙ tanh(c'), with a projection
/// W_hr h'.
public final class LSTM: RecurrentLayer {
  /// A state: h (L·D, B, R) and c (L·D, B, H).
  public typealias State = (hidden: Tensor, cell: Tensor)

  /// Options, parameters and engine.
  public let core: RecurrentCore
  /// Whether dropout acts.
  public var isTraining = true

  /// A layer with PyTorch's initial values, all from U(±1/√H); no offset is added to the forget gate.
  /// - Precondition: the options are as `RecurrentOptions.check` wants them.
  public init(
    _ inputSize: Int, _ hiddenSize: Int, layers: Int = 1, bias: Bool = true, batchFirst: Bool = false,
    dropout: Float = 0, bidirectional: Bool = false, projectionSize: Int = 0
  ) {
    var options = RecurrentOptions(inputSize: inputSize, hiddenSize: hiddenSize)
    options.layers = layers
    options.bias = bias
    options.batchFirst = batchFirst
    options.dropout = dropout
    options.bidirectional = bidirectional
    options.projectionSize = projectionSize
    core = RecurrentCore(.lstm, options, isCell: false)
  }

  /// Runs a sequence from the zero state. Shapes: see `RecurrentLayer`.
  public func callAsFunction(_ input: Tensor) -> (output: Tensor, state: State) {
    let result = run(input, states: nil)
    return (result.output, (result.states[0], result.states[1]))
  }

  /// Runs a sequence from a state.
  public func callAsFunction(_ input: Tensor, _ state: State) -> (output: Tensor, state: State) {
    let result = run(input, states: [state.hidden, state.cell])
    return (result.output, (result.states[0], result.states[1]))
  }

  /// Runs packed sequences from zero states.
  public func callAsFunction(_ input: PackedSequence) -> (output: PackedSequence, state: State) {
    let result = run(input, states: nil)
    return (result.output, (result.states[0], result.states[1]))
  }

  /// Runs packed sequences from a state.
  public func callAsFunction(_ input: PackedSequence, _ state: State) -> (output: PackedSequence, state: State) {
    let result = run(input, states: [state.hidden, state.cell])
    return (result.output, (result.states[0], result.states[1]))
  }
}
