/// y = x Wᵀ + b, PyTorch's `nn.Linear`: (…, in) → (…, out).
public final class Linear: Module, CustomStringConvertible {
  /// The width of the input.
  public let inputSize: Int
  /// The width of the output.
  public let outputSize: Int
  private let store: ParameterStore
  private let hasBias: Bool

  /// A layer with PyTorch's initial values, all from U(±1/√in).
  public init(_ inputSize: Int, _ outputSize: Int, bias: Bool = true) {
    for (name, size) in [("inputSize", inputSize), ("outputSize", outputSize)] {
      require(size > 0, LayerError.size(name: name, value: size).description)
    }
    self.inputSize = inputSize
    self.outputSize = outputSize
    hasBias = bias
    store = ParameterStore(
      [(name: "weight", shape: [outputSize, inputSize])] + (bias ? [(name: "bias", shape: [outputSize])] : []))
    fillParametersUniform(bound: 1 / Float(inputSize).squareRoot())
  }

  /// `weight` (out, in) and `bias` (out).
  public var parameters: [ParameterStore] { [store] }
  /// A parameter as a tensor.
  public func parameter(_ name: String) -> Tensor { store.tensor(named: name) }

  /// The output for a batch of any shape.
  public func callAsFunction(_ input: Tensor) -> Tensor {
    require(
      input.rank >= 1 && input.size(-1) == inputSize,
      LayerError.inputWidth(found: input.shape.last ?? 0, expected: inputSize).description)
    let product = input • store.tensor(named: "weight").transpose()
    return hasBias ? product + store.tensor(named: "bias") : product
  }

  /// `Linear(20, 10)`.
  public var description: String { "Linear(\(inputSize), \(outputSize)\(hasBias ? "" : ", bias: false"))" }
}
