/// A direction of a layer.
public enum Direction: Int, Hashable, Sendable, CaseIterable {
  /// From the first time step to the last.
  case forward
  /// From the last time step to the first.
  case reverse
}

/// What RNN, LSTM and GRU have in common, as PyTorch's RNNBase.
///
/// Letters: T time steps, B batch, I input, H hidden, R state (H, or the projection's size), L layers, D directions.
/// Input (T, B, I), or (B, T, I) with `batchFirst`, or (T, I) unbatched, or packed. States are (L·D, B, R), unbatched
/// (L·D, R), whatever `batchFirst`.
public protocol RecurrentLayer: AnyObject, Module, CustomStringConvertible {
  /// Options, parameters and engine.
  var core: RecurrentCore { get }
  /// Whether dropout acts.
  var isTraining: Bool { get set }
}

extension RecurrentLayer {
  /// The parameters, by PyTorch's names (`weight_ih_l0`, …).
  public var parameters: [ParameterStore] { [core.store] }
  /// The options.
  public var options: RecurrentOptions { core.options }
  /// A parameter as a tensor.
  public func parameter(_ name: String) -> Tensor { core.store.tensor(named: name) }

  /// `LSTM(100, 20, layers: 2)`: the sizes, and the options that differ from the defaults.
  public var description: String {
    let (options, defaults) = (options, RecurrentOptions(inputSize: 0, hiddenSize: 0))
    var parts = ["\(options.inputSize)", "\(options.hiddenSize)"]
    func add<Value: Equatable>(_ name: String, _ path: KeyPath<RecurrentOptions, Value>) {
      if options[keyPath: path] != defaults[keyPath: path] { parts.append("\(name): \(options[keyPath: path])") }
    }
    add("layers", \.layers)
    if options.nonlinearity != defaults.nonlinearity { parts.append("nonlinearity: .\(options.nonlinearity)") }
    add("bias", \.bias)
    add("batchFirst", \.batchFirst)
    add("dropout", \.dropout)
    add("bidirectional", \.bidirectional)
    add("projectionSize", \.projectionSize)
    return "\(type(of: self))(\(parts.joined(separator: ", ")))"
  }

  /// The final state of one layer and direction, of h or c as the layer returned it: (L·D, B, R) → (B, R).
  /// - Precondition: there is such a layer and direction.
  public func final(_ state: Tensor, layer: Int, direction: Direction = .forward) -> Tensor {
    let directions = core.shape.directionCount
    require(
      layer >= 0 && layer < options.layers && direction.rawValue < directions,
      "layer \(layer), \(direction), of \(options.layers) layers in \(directions) directions")
    return state[layer * directions + direction.rawValue]
  }

  /// One direction's part of an output: (…, D·R) → (…, R).
  public func part(_ output: Tensor, direction: Direction) -> Tensor {
    let size = core.shape.stateSize
    return output.narrowed(-1, to: direction.rawValue * size..<(direction.rawValue + 1) * size)
  }

  /// Runs the layer; `states` are h, and for an LSTM c.
  func run(_ input: Tensor, states given: [Tensor]?) -> (output: Tensor, states: [Tensor]) {
    let form = orStop { () throws(LayerError) in try InputForm(input.shape, core) }
    let states = given ?? zeroStates(batchSize: form.batchSize, isBatched: form.isBatched)
    orStop { () throws(LayerError) in try form.check(states.map(\.shape), core) }
    var sequence = form.isBatched ? input : input.unsqueeze(1)
    if form.isBatched, options.batchFirst { sequence = sequence.transpose(0, 1) }
    var walk = Walk()
    walk.setUniform(timeStepCount: form.timeStepCount, batchSize: form.batchSize)
    let result = core.run(
      sequence.reshape(-1, options.inputSize), walk, state: form.isBatched ? states : states.map { $0.unsqueeze(1) },
      isTraining: isTraining)
    var output = result.output.reshape(form.timeStepCount, form.batchSize, core.shape.outputSize)
    if form.isBatched, options.batchFirst { output = output.transpose(0, 1) }
    return form.isBatched
      ? (output, result.state) : (output.squeeze(1), result.state.map { $0.squeeze(1) })
  }

  /// Runs the layer over packed sequences. States are in the order of the sequences as they were before packing.
  func run(_ input: PackedSequence, states given: [Tensor]?) -> (output: PackedSequence, states: [Tensor]) {
    let batchSize = input.batchSizes[0]
    let states = given ?? zeroStates(batchSize: batchSize, isBatched: true)
    orStop { () throws(LayerError) in
      guard input.data.size(-1) == options.inputSize else {
        throw .inputWidth(found: input.data.size(-1), expected: options.inputSize)
      }
      let form = InputForm(timeStepCount: input.batchSizes.count, batchSize: batchSize, isBatched: true)
      try form.check(states.map(\.shape), core)
    }
    let sorted = states.map { $0.transpose(0, 1).gather(input.sortedIndices).transpose(0, 1) }
    let result = core.run(input.data, input.walk, state: sorted, isTraining: isTraining)
    let unsorted = result.state.map { $0.transpose(0, 1).gather(input.unsortedIndices).transpose(0, 1) }
    return (input.replacingData(result.output), unsorted)
  }

  private func zeroStates(batchSize: Int, isBatched: Bool) -> [Tensor] {
    let rows = options.layers * core.shape.directionCount
    let widths = core.shape.cell == .lstm ? [core.shape.stateSize, core.shape.hiddenSize] : [core.shape.stateSize]
    return widths.map { Tensor.zeros(shape: isBatched ? [rows, batchSize, $0] : [rows, $0]) }
  }
}

/// What a layer's input is by its shape, checked.
struct InputForm {
  let timeStepCount: Int
  let batchSize: Int
  let isBatched: Bool

  init(timeStepCount: Int, batchSize: Int, isBatched: Bool) {
    self.timeStepCount = timeStepCount
    self.batchSize = batchSize
    self.isBatched = isBatched
  }

  init(_ shape: [Int], _ core: RecurrentCore) throws(LayerError) {
    let batchFirst = core.options.batchFirst
    guard shape.count == 2 || shape.count == 3 else {
      throw .inputRank(found: shape, expected: batchFirst ? "(B, T, I) or (T, I)" : "(T, B, I) or (T, I)")
    }
    guard shape[shape.count - 1] == core.options.inputSize else {
      throw .inputWidth(found: shape[shape.count - 1], expected: core.options.inputSize)
    }
    isBatched = shape.count == 3
    timeStepCount = isBatched && batchFirst ? shape[1] : shape[0]
    batchSize = isBatched ? (batchFirst ? shape[0] : shape[1]) : 1
    guard timeStepCount > 0 else { throw .noSteps }
  }

  /// Checks the shapes of h, and of c where there is one.
  func check(_ states: [[Int]], _ core: RecurrentCore) throws(LayerError) {
    let rows = core.options.layers * core.shape.directionCount
    for (name, width, shape) in zip3(["h", "c"], [core.shape.stateSize, core.shape.hiddenSize], states) {
      guard shape.count == (isBatched ? 3 : 2) else {
        if shape.count == 2 || shape.count == 3 {
          throw .batchMismatch(inputIsBatched: isBatched, name: name, stateShape: shape)
        }
        throw .stateShape(name: name, found: shape, expected: isBatched ? [rows, batchSize, width] : [rows, width])
      }
      let expected = isBatched ? [rows, batchSize, width] : [rows, width]
      guard shape == expected else { throw .stateShape(name: name, found: shape, expected: expected) }
    }
  }

  private func zip3(_ a: [String], _ b: [Int], _ c: [[Int]]) -> [(String, Int, [Int])] {
    zip(a, zip(b, c)).map { ($0, $1.0, $1.1) }
  }
}
