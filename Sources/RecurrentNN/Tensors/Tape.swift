/// What a tensor is made of: values, and where it is recorded, how its gradient passes on to what it was made from.
final class TensorNode {
  let shape: [Int]
  let values: [Float]
  /// True for a leaf whose gradient is wanted and for all that is made from one.
  let isRecorded: Bool
  private(set) var parents: [TensorNode]
  /// From this node's gradient those of its parents; nil for a parent that is not recorded.
  let propagate: (([Float]) -> [[Float]?])?
  /// A parameter's place: its gradient is added there.
  let parameter: (store: ParameterStore, layout: ParameterLayout)?
  /// The sum of the gradients that `backward` brought, for leaves and where it was asked for.
  var gradient: [Float]?
  var keepsGradient: Bool

  init(
    shape: [Int], values: [Float], isRecorded: Bool = false, parents: [TensorNode] = [],
    propagate: (([Float]) -> [[Float]?])? = nil,
    parameter: (store: ParameterStore, layout: ParameterLayout)? = nil
  ) {
    self.shape = shape
    self.values = values
    self.isRecorded = isRecorded
    self.parents = parents
    self.propagate = propagate
    self.parameter = parameter
    keepsGradient = isRecorded && parents.isEmpty
  }

  /// Frees what only this node was made from, one by one: a chain of a hundred thousand nodes, each freed inside the one
  /// made from it, would exhaust the stack.
  deinit {
    var pending = parents
    parents = []
    while var node = pending.popLast() {
      guard isKnownUniquelyReferenced(&node) else { continue }
      pending += node.parents
      node.parents = []
    }
  }
}

/// Whether operations are recorded; `withoutRecording` turns it off.
enum Recording {
  @TaskLocal static var isOn = true
}

/// Runs `body` without recording: for sampling, evaluation, and updates by hand.
public func withoutRecording<Result>(_ body: () throws -> Result) rethrows -> Result {
  try Recording.$isOn.withValue(false, operation: body)
}

extension Tensor {
  /// The result of an operation, recorded if one of its inputs is, or where it has parameters of its own.
  /// - Parameter propagate: from the result's gradient those of the inputs; only called where one is recorded.
  static func result(
    _ values: [Float], shape: [Int], from inputs: [Tensor], hasParameters: Bool = false,
    propagate: @escaping ([Float]) -> [[Float]?]
  ) -> Tensor {
    guard Recording.isOn, hasParameters || inputs.contains(where: \.isRecorded) else {
      return Tensor(values, shape: shape)
    }
    return Tensor(
      node: TensorNode(
        shape: shape, values: values, isRecorded: true, parents: inputs.map(\.node), propagate: propagate))
  }

  /// Whether a gradient reaches it.
  public var isRecorded: Bool { node.isRecorded }

  /// A leaf with these values whose gradient is wanted.
  public func recorded() -> Tensor { Tensor(node: TensorNode(shape: shape, values: values, isRecorded: true)) }

  /// The same values, cut off from what they were made from: truncated backpropagation passes states on this way.
  public func detached() -> Tensor { Tensor(values, shape: shape) }

  /// The gradient that `backward` brought to a leaf, or to a tensor for which `keepGradient` was called; a parameter's
  /// is its store's.
  public var gradient: Tensor? {
    if let parameter = node.parameter { return parameter.store.gradient(named: parameter.layout.name) }
    return node.gradient.map { Tensor($0, shape: shape) }
  }

  /// Asks for the gradient of a tensor that is no leaf.
  public func keepGradient() { node.keepsGradient = true }

  /// Forgets the gradient, before another backward pass.
  public func zeroGradient() { node.gradient = nil }

  /// Brings the gradient of this number to every leaf that it was made from; gradients add up over calls.
  /// - Precondition: it has one value and is recorded.
  public func backward() {
    require(count == 1, "backward from a tensor of shape \(shape): it must have one value, such as a loss")
    backward([1])
  }

  /// The same from a tensor of any shape, with the gradient that reaches it.
  public func backward(_ gradient: Tensor) {
    require(gradient.shape == shape, "a gradient of shape \(gradient.shape) for a tensor of shape \(shape)")
    backward(gradient.values)
  }

  private func backward(_ first: [Float]) {
    require(isRecorded, "backward from a tensor that was not made from any recorded one")
    var gradients: [ObjectIdentifier: [Float]] = [ObjectIdentifier(node): first]
    for node in Tensor.childrenFirst(from: node) {
      guard let gradient = gradients.removeValue(forKey: ObjectIdentifier(node)) else { continue }
      node.receive(gradient)
      guard let propagate = node.propagate else { continue }
      for (parent, part) in zip(node.parents, propagate(gradient)) where parent.isRecorded {
        guard let part else { continue }
        gradients[ObjectIdentifier(parent), default: []].add(part)
      }
    }
  }

  /// Every recorded node below `last`, each before its parents.
  private static func childrenFirst(from last: TensorNode) -> [TensorNode] {
    var order: [TensorNode] = []
    var seen: Set<ObjectIdentifier> = []
    var stack: [(node: TensorNode, isExpanded: Bool)] = [(last, false)]
    while let (node, isExpanded) = stack.popLast() {
      if isExpanded {
        order.append(node)
      } else if seen.insert(ObjectIdentifier(node)).inserted {
        stack.append((node, true))
        for parent in node.parents where parent.isRecorded { stack.append((parent, false)) }
      }
    }
    return order.reversed()
  }
}

extension TensorNode {
  fileprivate func receive(_ part: [Float]) {
    if let parameter {
      parameter.store.addGradient(part, at: parameter.layout)
    } else if keepsGradient {
      gradient = gradient ?? []
      gradient?.add(part)
    }
  }
}

extension [Float] {
  /// Adds element by element; an empty array counts as zeros.
  mutating func add(_ other: [Float]) {
    guard !isEmpty else {
      self = other
      return
    }
    require(count == other.count, "a gradient of \(other.count) values added to one of \(count)")
    for index in indices { self[index] += other[index] }
  }
}
