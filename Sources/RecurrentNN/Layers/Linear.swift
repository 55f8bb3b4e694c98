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
    for (name, size) in [("inputSize", inputSize), ("outputSize", outputSize)] where size <= 0 {
      fatalError(LayerError.size(name: name, value: size).description)
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
    precondition(
      input.rank >= 1 && input.size(-1) == inputSize,
      LayerError.inputWidth(found: input.shape.last ?? 0, expected: inputSize).description)
    let product = input • store.tensor(named: "weight").transpose()
    return hasBias ? product + store.tensor(named: "bias") : product
  }

  /// `Linear(20, 10)`.
  public var description: String { "Linear(\(inputSize), \(outputSize)\(hasBias ? "" : ", bias: false"))" }
}

/// A vector for each token, PyTorch's `nn.Embedding`.
public final class Embedding: Module, CustomStringConvertible {
  /// The number of tokens.
  public let count: Int
  /// The width of a vector.
  public let size: Int
  /// A token whose vector is zero at first and gets no gradient.
  public let paddingIndex: Int?
  /// Whether the vectors stay as they are.
  public let isFrozen: Bool
  private let store: ParameterStore

  /// Vectors from N(0, 1), the padding token's zero.
  public init(_ count: Int, _ size: Int, paddingIndex: Int? = nil) {
    (self.count, self.size, self.paddingIndex) = (count, size, paddingIndex)
    precondition(count > 0 && size > 0, "an embedding of \(count) vectors of \(size)")
    precondition(paddingIndex.map { $0 >= 0 && $0 < count } ?? true, "padding index \(paddingIndex ?? 0) of \(count)")
    isFrozen = false
    store = ParameterStore([(name: "weight", shape: [count, size])])
    fillParametersNormal(deviation: 1)
    if let paddingIndex { store.matrix(named: "weight").row(paddingIndex).fill(0) }
  }

  /// Given vectors, (count, size); frozen unless asked otherwise.
  public init(vectors: Tensor, paddingIndex: Int? = nil, isFrozen: Bool = true) {
    precondition(vectors.rank == 2, "vectors of shape \(vectors.shape), not (count, size)")
    precondition(
      paddingIndex.map { $0 >= 0 && $0 < vectors.size(0) } ?? true,
      "padding index \(paddingIndex ?? 0) of \(vectors.size(0))")
    (count, size, self.paddingIndex, self.isFrozen) = (vectors.size(0), vectors.size(1), paddingIndex, isFrozen)
    store = ParameterStore([(name: "weight", shape: vectors.shape)])
    store.setValues(vectors.values, named: "weight")
  }

  /// `weight` (count, size); nothing to train where it is frozen.
  public var parameters: [ParameterStore] { isFrozen ? [] : [store] }
  /// The vectors as a tensor (count, size).
  public var weight: Tensor {
    isFrozen ? Tensor(store.values(named: "weight"), shape: [count, size]) : store.tensor(named: "weight")
  }

  /// The vectors of tokens: (tokens, size).
  public func callAsFunction(_ tokens: [Int]) -> Tensor {
    let rows = weight.gather(tokens)
    guard let paddingIndex, tokens.contains(paddingIndex), rows.isRecorded else { return rows }
    // The padding token's rows as constants, so that no gradient reaches them.
    let mask = Tensor(tokens.map { $0 == paddingIndex ? 0 : 1 }, shape: [tokens.count, 1])
    return rows * mask + rows.detached() * (1 - mask)
  }

  /// `Embedding(65, 16)`.
  public var description: String {
    "Embedding(\(count), \(size)\(paddingIndex.map { ", paddingIndex: \($0)" } ?? ""))"
  }
}

/// Zeros elements with a probability in training and divides the others by what is left, PyTorch's `nn.Dropout`.
public final class Dropout: CustomStringConvertible {
  /// The probability.
  public let probability: Float
  /// Whether it acts.
  public var isTraining = true

  /// - Precondition: the probability is from 0 to 1.
  public init(_ probability: Float = 0.5) {
    precondition(probability >= 0 && probability <= 1, LayerError.dropout(probability).description)
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
