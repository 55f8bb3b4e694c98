/// Zeros elements with a probability in training and divides the others by what is left, PyTorch's `nn.Dropout`.
public final class Dropout: Module, CustomStringConvertible {
  /// The probability.
  public let probability: Float
  /// Whether it acts.
  public var isTraining = true

  /// - Precondition: the probability is from 0 to 1.
  public init(_ probability: Float = 0.5) {
    require(probability >= 0 && probability <= 1, LayerError.dropout(probability).description)
    self.probability = probability
  }

  /// The input under a new mask; with probability 1 zeros.
  public func callAsFunction(_ input: Tensor) -> Tensor {
    guard isTraining, probability > 0 else { return input }
    let kept: Float = probability < 1 ? 1 / (1 - probability) : 0
    let mask = RandomNumbers.withShared { generator in
      (0..<input.count).map { _ in generator.uniform() < probability ? 0 : kept }
    }
    return input * Tensor(mask, shape: input.shape)
  }

  /// `Dropout(0.5)`.
  public var description: String { "Dropout(\(probability))" }
}
