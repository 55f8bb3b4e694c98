/// Elman's network: h' = tanh or relu (W_ih x + b_ih + W_hh h + b_hh), PyTorch's `nn.RNN`.
public final class RNN: HiddenStateLayer {
  /// Options, parameters and engine.
  public let core: RecurrentCore
  /// Whether dropout acts.
  public var isTraining = true

  /// A layer with PyTorch's initial values, all from U(±1/√H).
  /// - Precondition: the options are as `RecurrentOptions.check` wants them.
  public init(
    _ inputSize: Int, _ hiddenSize: Int, layers: Int = 1, nonlinearity: Nonlinearity = .tanh, bias: Bool = true,
    batchFirst: Bool = false, dropout: Float = 0, bidirectional: Bool = false
  ) {
    var options = RecurrentOptions(inputSize: inputSize, hiddenSize: hiddenSize)
    options.layers = layers
    options.nonlinearity = nonlinearity
    options.bias = bias
    options.batchFirst = batchFirst
    options.dropout = dropout
    options.bidirectional = bidirectional
    core = RecurrentCore(.rnn, options, isCell: false)
  }
}
