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
    require(count > 0 && size > 0, "an embedding of \(count) vectors of \(size)")
    require(paddingIndex.map { $0 >= 0 && $0 < count } ?? true, "padding index \(paddingIndex ?? 0) of \(count)")
    isFrozen = false
    store = ParameterStore([(name: "weight", shape: [count, size])])
    fillParametersNormal(deviation: 1)
    if let paddingIndex { store.matrix(named: "weight").row(paddingIndex).fill(0) }
  }

  /// Given vectors, (count, size); frozen unless asked otherwise.
  public init(vectors: Tensor, paddingIndex: Int? = nil, isFrozen: Bool = true) {
    require(vectors.rank == 2, "vectors of shape \(vectors.shape), not (count, size)")
    require(
      paddingIndex.map { $0 >= 0 && $0 < vectors.size(0) } ?? true,
      "padding index \(paddingIndex ?? 0) of \(vectors.size(0))")
    (count, size, self.paddingIndex, self.isFrozen) = (vectors.size(0), vectors.size(1), paddingIndex, isFrozen)
    store = ParameterStore([(name: "weight", shape: vectors.shape)])
    store.setValues(vectors.values, named: "weight")
  }

  /// `weight` (count, size); nothing to train where it is frozen.
  public var parameters: [ParameterStore] { isFrozen ? [] : [store] }
  /// `weight`, frozen or not.
  public var ownParameters: [ParameterStore] { [store] }
  /// The vectors as a tensor (count, size).
  public var weight: Tensor {
    isFrozen ? Tensor(store.values(named: "weight"), shape: [count, size]) : store.tensor(named: "weight")
  }

  /// The vectors of tokens: (tokens, size).
  public func callAsFunction(_ tokens: [Int]) -> Tensor {
    for token in tokens {
      require(token >= 0 && token < count, "token \(token) of an embedding of \(count) tokens")
    }
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
