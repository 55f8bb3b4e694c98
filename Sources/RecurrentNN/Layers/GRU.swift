/// Gated recurrent unit, gates in order r, z, n, PyTorch's `nn.GRU`:
/// r, z = σ(W_ih x + b_ih + W_hh h + b_hh), n = tanh(W_in x + b_in + r ⊙ (W_hn h + b_hn)), h' = (1 − z) ⊙ n + z ⊙ h.
public final class GRU: HiddenStateLayer {
  /// Options, parameters and engine.
  public let core: RecurrentCore
  /// Whether dropout acts.
  public var isTraining = true

  /// A layer with PyTorch's initial values, all from U(±1/√H).
  /// - Precondition: the options are as `RecurrentOptions.check` wants them.
  public init(
    _ inputSize: Int, _ hiddenSize: Int, layers: Int = 1, bias: Bool = true,
    batchFirst: Bool = false, dropout: Float = 0, bidirectional: Bool = false
  ) {
    var options = RecurrentOptions(inputSize: inputSize, hiddenSize: hiddenSize)
    options.layers = layers
    options.bias = bias
    options.batchFirst = batchFirst
    options.dropout = dropout
    options.bidirectional = bidirectional
    core = RecurrentCore(.gru, options, isCell: false)
  }
}
