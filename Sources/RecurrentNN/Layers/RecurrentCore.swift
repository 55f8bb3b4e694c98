/// The options of a recurrent layer, with PyTorch's defaults.
public struct RecurrentOptions: Hashable, Sendable {
  /// The width of the input.
  public var inputSize: Int
  /// The width of the state.
  public var hiddenSize: Int
  /// The number of stacked layers.
  public var layers = 1
  /// What an Elman network applies.
  public var nonlinearity = Nonlinearity.tanh
  /// Whether there are biases.
  public var bias = true
  /// Whether input and output are (batch, time, width). States never change.
  public var batchFirst = false
  /// The probability with which outputs of all layers but the last are dropped in training.
  public var dropout: Float = 0
  /// Whether each layer also reads from the end.
  public var bidirectional = false
  /// The width of an LSTM's projected state, 0 for none.
  public var projectionSize = 0

  /// Options with PyTorch's defaults.
  public init(inputSize: Int, hiddenSize: Int) {
    self.inputSize = inputSize
    self.hiddenSize = hiddenSize
  }

  /// Checks what the constructors check.
  /// - Throws: `LayerError` with the value that is wrong.
  public func check(for cell: CellKind) throws(LayerError) {
    for (name, value) in [("inputSize", inputSize), ("hiddenSize", hiddenSize), ("layers", layers)]
    where value <= 0 {
      throw .size(name: name, value: value)
    }
    guard dropout >= 0, dropout <= 1 else { throw .dropout(dropout) }
    guard projectionSize >= 0, projectionSize < hiddenSize else {
      throw .projection(projectionSize, hiddenSize: hiddenSize)
    }
    if projectionSize > 0, cell != .lstm { throw .projectionUnsupported(layer: cell == .gru ? "GRU" : "RNN") }
  }

  /// What is allowed but does nothing: dropout with one layer; nil otherwise.
  public var warning: String? {
    dropout > 0 && layers == 1 ? "dropout \(dropout) does nothing with one layer: it falls between layers" : nil
  }

  func shape(of cell: CellKind, isCell: Bool) -> RecurrentShape {
    var shape = RecurrentShape(
      cell: cell, nonlinearity: nonlinearity, inputSize: inputSize, hiddenSize: hiddenSize, layerCount: layers,
      hasBias: bias, isBidirectional: bidirectional, projectionSize: projectionSize)
    shape.isCell = isCell
    return shape
  }
}

/// What RNN, LSTM, GRU and their cells share: parameters, packed weights, and the engine's run as one node of the tape.
public final class RecurrentCore {
  /// The options.
  public let options: RecurrentOptions
  /// The parameters, by PyTorch's names.
  public let store: ParameterStore
  let shape: RecurrentShape
  private let weights: StackWeights
  private var packedVersion = -1

  init(_ cell: CellKind, _ options: RecurrentOptions, isCell: Bool) {
    orStop { () throws(LayerError) in try options.check(for: cell) }
    self.options = options
    shape = options.shape(of: cell, isCell: isCell)
    store = ParameterStore(shape.parameterShapes(prefix: ""))
    // Sizes of products are not known yet; the layout of packed weights is chosen for a batch of 64.
    weights = StackWeights(
      store, shape, prefix: "",
      plan: PackingPlan(capacity: Capacity(rowCount: 64, batchSize: 64), isTrained: true))
    let (store, shape) = (store, shape)
    RandomNumbers.withShared { store.initializeRecurrent(shape, prefix: "", forgetBias: 0, using: &$0) }
  }

  /// Runs packed rows through the stack.
  /// - Parameters:
  ///   - rows: (N, I), in the order of the walk.
  ///   - state: h (L·D, B, R), and for an LSTM c (L·D, B, H).
  /// - Returns: the output (N, D·R) and the final states, shaped as the initial ones.
  func run(_ rows: Tensor, _ walk: Walk, state: [Tensor], isTraining: Bool) -> (output: Tensor, state: [Tensor]) {
    let run = Run(weights, walk, dropout: dropoutPlan(isTraining: isTraining))
    let outputs = withEngineSettings {
      refreshWeights()
      return run.forward(rows, state: state)
    }
    let sizes = outputs.map(\.count)
    let (store, version) = (store, store.version)
    let joined = Tensor.result(
      outputs.flatMap(\.self), shape: [sizes.reduce(0, +)], from: [rows] + state, hasParameters: true
    ) { gradient in
      guard store.version == version else {
        fatalError("a backward pass through a run of a layer whose parameters have changed since: run the layer again")
      }
      return withEngineSettings { run.backward(gradient, into: store) }
    }
    let shapes = [[walk.rowCount, shape.outputSize]] + state.map(\.shape)
    var start = 0
    let parts = zip(sizes, shapes).map { size, shape in
      defer { start += size }
      return joined[start..<start + size].reshaped(to: shape)
    }
    return (parts[0], Array(parts.dropFirst()))
  }

  private func dropoutPlan(isTraining: Bool) -> DropoutPlan? {
    guard isTraining, options.dropout > 0, options.layers > 1 else { return nil }
    let seed = RandomNumbers.withShared { $0.next() }
    var plan = DropoutPlan(probability: options.dropout, seed: seed, step: 0, firstRow: 0)
    plan.includesLastLayer = false
    return plan
  }

  /// Packs the weights again where the parameters have changed since.
  private func refreshWeights() {
    guard packedVersion != store.version else { return }
    for task in weights.refreshTasks { task() }
    packedVersion = store.version
  }
}

/// One pass through the engine, kept for its way back.
private final class Run {
  private let stack: RecurrentStack
  private let walk: Walk
  private let dropout: DropoutPlan?
  private let input: Buffer<Float>  // (N, I)
  private var isUsed = false

  init(_ weights: StackWeights, _ walk: Walk, dropout: DropoutPlan?) {
    self.walk = walk
    self.dropout = dropout
    stack = RecurrentStack(
      weights: weights, capacity: Capacity(rowCount: walk.rowCount, batchSize: walk.batchSize))
    input = Buffer(count: walk.rowCount * weights.shape.inputSize)
  }

  private var inputRows: Matrix { input.view.matrix(walk.rowCount, stack.weights.shape.inputSize) }

  /// The values of output and final states.
  func forward(_ rows: Tensor, state: [Tensor]) -> [[Float]] {
    input.view.copy(from: rows.values)
    for (tensor, place) in zip(state, [\RecurrentDirection.hidden, \.cell]) {
      load(tensor.values, into: place)
    }
    stack.forward(walk, input: LayerInput(rows: inputRows), dropout: dropout)
    return [stack.output(walk).view.array] + zip(state, [\RecurrentDirection.hidden, \.cell]).map { values(of: $1) }
  }

  /// From the gradients of output and final states those of rows and initial states; adds the weights' to the store's.
  func backward(_ gradient: [Float], into store: ParameterStore) -> [[Float]?] {
    if isUsed { fatalError("a second backward pass through the same run of a layer: run the layer again") }
    isUsed = true
    let outputGradient = stack.outputGradient(walk).view
    outputGradient.copy(from: Array(gradient[..<outputGradient.count]))
    stack.resetStateGradient()
    let places: [KeyPath<RecurrentDirection, Matrix>] =
      stack.weights.shape.cell == .lstm ? [\.hiddenGradient, \.cellGradient] : [\.hiddenGradient]
    var start = outputGradient.count
    for place in places {
      let count = stateCount(place)
      load(Array(gradient[start..<start + count]), into: place)
      start += count
    }
    let inputGradient = Buffer<Float>(count: input.count)
    stack.backward(
      walk, inputGradient: inputGradient.view.matrix(walk.rowCount, stack.weights.shape.inputSize), dropout: dropout)
    addWeightGradients(to: store)
    return [inputGradient.view.array] + places.map { values(of: $0) }
  }

  private func addWeightGradients(to store: ParameterStore) {
    let part = ParameterStore(like: store)
    for task in stack.weights.gradientTasks(shards: [stack], gradients: part, prefix: "") { task.run() }
    Kernels.active.add(part.flat.matrix(1, part.flatCount), to: store.gradients.flat.matrix(1, store.flatCount))
  }

  private func stateCount(_ place: KeyPath<RecurrentDirection, Matrix>) -> Int {
    stack.directions.joined().reduce(0) { $0 + $1[keyPath: place].view.count }
  }

  /// Layer by layer, direction by direction: PyTorch's order of (L·D, B, R).
  private func load(_ values: [Float], into place: KeyPath<RecurrentDirection, Matrix>) {
    var start = 0
    for direction in stack.directions.joined() {
      let target = direction[keyPath: place].view
      target.copy(from: Array(values[start..<start + target.count]))
      start += target.count
    }
  }

  private func values(of place: KeyPath<RecurrentDirection, Matrix>) -> [Float] {
    stack.directions.joined().flatMap { $0[keyPath: place].view.array }
  }
}
