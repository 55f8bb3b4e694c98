extension ParameterStore {
  /// A parameter as a tensor whose gradient is added to this store's.
  public func tensor(named name: String) -> Tensor {
    guard let layout = layout(named: name) else { fatalError("no parameter is called \(name)") }
    return Tensor(
      node: TensorNode(
        shape: layout.shape, values: values(named: name), isRecorded: true, parameter: (self, layout)))
  }

  /// A parameter's gradient.
  public func gradient(named name: String) -> Tensor {
    guard let layout = layout(named: name) else { fatalError("no parameter is called \(name)") }
    return Tensor(gradients.values(named: name), shape: layout.shape)
  }

  func addGradient(_ part: [Float], at layout: ParameterLayout) {
    let place = gradients.flat[layout.range]
    require(part.count == place.count, "a gradient of \(part.count) for \(layout.name) of \(layout.shape)")
    for index in part.indices { place[index] += part[index] }
  }
}
