#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// The rule of an update.
public enum OptimizerKind: String, Codable, Hashable, Sendable, CaseIterable {
  /// Kingma and Ba 2015; weight decay, if any, is added to the gradient.
  case adam
  /// Loshchilov and Hutter 2019: weight decay apart from the gradient.
  case adamw
  /// Vyas et al. 2024: Adam in the eigenbasis of a matrix's gradients; weight decay apart from the gradient.
  case soap
  /// Along the gradient, with momentum if asked; weight decay is added to the gradient.
  case sgd
  /// Hinton 2012: the gradient divided by the root of its running mean square; weight decay is added to the gradient.
  case rmsprop
}

/// The constants of an optimizer, with PyTorch's defaults of Adam. A rule reads those that it knows.
public struct OptimizerSettings: Codable, Hashable, Sendable {
  /// The rule.
  public var kind: OptimizerKind
  /// Adam's decay of the mean of gradients.
  public var beta1: Float
  /// The decay of the mean of squared gradients: Adam's β2, RMSprop's α.
  public var beta2: Float
  /// Added to the root of the mean square.
  public var epsilon: Float
  /// The weight decay, 0 for none.
  public var weightDecay: Float
  /// What of its last move SGD and RMSprop keep, 0 for none.
  public var momentum: Float
  /// Whether SGD looks ahead by its momentum (Nesterov 1983).
  public var isNesterov: Bool

  /// Adam's defaults in PyTorch, save where a value is given.
  public init(
    kind: OptimizerKind = .adam, beta1: Float = 0.9, beta2: Float = 0.999, epsilon: Float = 1e-8,
    weightDecay: Float = 0, momentum: Float = 0, isNesterov: Bool = false
  ) {
    require(!isNesterov || momentum > 0, "Nesterov's variant with momentum \(momentum): it must be positive")
    self.kind = kind
    self.beta1 = beta1
    self.beta2 = beta2
    self.epsilon = epsilon
    self.weightDecay = weightDecay
    self.momentum = momentum
    self.isNesterov = isNesterov
  }
}

/// An optimizer over a flat store: what it remembers of each parameter, and the update.
///
/// A step is `beginStep` once and `update` for each of `slices`, on any threads.
///
/// Checked against `ReferenceOptimizer` (Tests/TestSupport): `swift test --filter OptimizerStateTests`.
package final class OptimizerState {
  package let settings: OptimizerSettings
  /// The number of steps begun.
  package var stepCount = 0
  /// What is remembered of each parameter, by name.
  package let memories: [(name: String, store: ParameterStore)]
  /// The matrices that are updated in a basis of their own.
  private let eigenbases: [Eigenbasis]
  /// Their rows, and those of their covariances, in tasks.
  private let (rowTasks, columnTasks): ([EigenbasisPart], [EigenbasisPart])
  private let flatCount: Int
  private var correction1: Float = 1
  private var correction2: Float = 1

  /// - Parameter precision: that of SOAP's products.
  package init(_ settings: OptimizerSettings, for parameters: ParameterStore, precision: Precision = .float32) {
    self.settings = settings
    flatCount = parameters.flatCount
    let hasMomentum = settings.momentum > 0
    let names =
      switch settings.kind {
      case .adam, .adamw, .soap: ["first_moment", "second_moment"]
      case .sgd: hasMomentum ? ["velocity"] : []
      case .rmsprop: ["mean_square"] + (hasMomentum ? ["velocity"] : [])
      }
    var memories = names.map { ($0, ParameterStore(like: parameters)) }
    let matrices = settings.kind == .soap ? parameters.layouts.filter { Eigenbasis.suits($0.shape) } : []
    if !matrices.isEmpty {
      let shapes = matrices.map { (name: $0.name, shape: [$0.shape[1], $0.shape[1]]) }
      let (bases, covariances) = (ParameterStore(shapes), ParameterStore(shapes))
      memories += [("basis", bases), ("covariance", covariances)]
      eigenbases = matrices.map {
        Eigenbasis(
          $0, basis: bases.matrix(named: $0.name), covariance: covariances.matrix(named: $0.name), precision: precision)
      }
    } else {
      eigenbases = []
    }
    self.memories = memories
    rowTasks = eigenbases.flatMap { eigenbasis in eigenbasis.rowParts.map { (eigenbasis, $0) } }
    columnTasks = eigenbases.flatMap { eigenbasis in eigenbasis.columnParts.map { (eigenbasis, $0) } }
  }

  private typealias EigenbasisPart = (eigenbasis: Eigenbasis, rows: Range<Int>)

  /// The numbers that an optimizer remembers and works with, beside two for each parameter.
  package static func additionalMemoryCount(_ kind: OptimizerKind, of shapes: [[Int]]) -> Int {
    kind == .soap ? shapes.reduce(0) { $0 + Eigenbasis.memoryCount(shape: $1) } : 0
  }

  /// The multiplications of a step's matrix products.
  package static func multiplicationCount(_ kind: OptimizerKind, of shapes: [[Int]]) -> Double {
    kind == .soap ? shapes.reduce(0) { $0 + Eigenbasis.multiplicationCount(shape: $1) } : 0
  }

  /// To be called after `memories` and `stepCount` were set from outside.
  package func refresh() { for eigenbasis in eigenbases { eigenbasis.pack() } }

  /// The flat buffer in slices of at most `size`, save those of a matrix with a basis of its own, which `update` leaves
  /// alone: `beginStep` has moved it.
  package func slices(of size: Int) -> [(range: Range<Int>, isUpdated: Bool)] {
    var slices: [(range: Range<Int>, isUpdated: Bool)] = []
    var start = 0
    func cut(to end: Int, isUpdated: Bool) {
      while start < end {
        slices.append((start..<min(start + size, end), isUpdated))
        start = min(start + size, end)
      }
    }
    for eigenbasis in eigenbases {
      cut(to: eigenbasis.layout.offset, isUpdated: true)
      cut(to: eigenbasis.layout.range.upperBound, isUpdated: false)
    }
    cut(to: flatCount, isUpdated: true)
    return slices
  }

  /// Counts the step, and moves the matrices that have a basis of their own.
  /// - Parameter run: does tasks 0, 1, …, each once, on any threads, and returns when all are done.
  package func beginStep(
    _ parameters: ParameterStore, gradients: ParameterStore, scale: Float, rate: Float,
    run: (_ taskCount: Int, _ task: (Int) -> Void) -> Void
  ) {
    stepCount += 1
    correction1 = Float(1 - pow(Double(settings.beta1), Double(stepCount)))
    correction2 = Float(1 - pow(Double(settings.beta2), Double(stepCount)))
    guard !eigenbases.isEmpty else { return }
    let step = stepCount
    let (first, second) = (memories[0].store, memories[1].store)
    if step == 1 { for eigenbasis in eigenbases { eigenbasis.reset() } }
    if Eigenbasis.addsGradient(step: step) {
      run(columnTasks.count) { number in
        let (eigenbasis, rows) = columnTasks[number]
        eigenbasis.add(gradients.matrix(named: eigenbasis.layout.name), scale: scale, rows: rows, step: step)
      }
    }
    if Eigenbasis.isRenewed(step: step) {
      run(rowTasks.count) { number in
        let (eigenbasis, rows) = rowTasks[number]
        eigenbasis.turnBack(first.matrix(named: eigenbasis.layout.name), rows: rows)
      }
      run(eigenbases.count) { eigenbases[$0].renew(step: step) }
      run(rowTasks.count) { number in
        let (eigenbasis, rows) = rowTasks[number]
        eigenbasis.turn(first.matrix(named: eigenbasis.layout.name), rows: rows)
      }
    }
    let adam = adamStep(scale: scale, rate: rate)
    run(rowTasks.count) { number in
      let (eigenbasis, rows) = rowTasks[number]
      let name = eigenbasis.layout.name
      eigenbasis.update(
        parameters.matrix(named: name), gradient: gradients.matrix(named: name),
        firstMoment: first.matrix(named: name), secondMoment: second.matrix(named: name), rows: rows, adam)
    }
  }

  /// Updates a slice of the flat buffer with gradients times `scale`.
  package func update(
    _ slice: Range<Int>, of parameters: ParameterStore, gradients: ParameterStore, scale: Float, rate: Float
  ) {
    let (p, gradient) = (parameters.flat[slice], gradients.flat[slice])
    let step = Kernels.MomentumStep(
      scale: scale, rate: rate, momentum: settings.momentum, l2: settings.weightDecay)
    switch settings.kind {
    case .adam, .adamw, .soap:
      Kernels.active.adam(
        p, gradient: gradient, m: memory(0, slice), v: memory(1, slice), adamStep(scale: scale, rate: rate))
    case .sgd:
      Kernels.active.sgd(
        p, gradient: gradient, velocity: settings.momentum > 0 ? memory(0, slice) : nil,
        isNesterov: settings.isNesterov, step)
    case .rmsprop:
      Kernels.active.rmsprop(
        p, gradient: gradient, v: memory(0, slice), velocity: settings.momentum > 0 ? memory(1, slice) : nil,
        alpha: settings.beta2, epsilon: settings.epsilon, step)
    }
  }

  private func adamStep(scale: Float, rate: Float) -> Kernels.AdamStep {
    let isDecoupled = settings.kind != .adam
    return Kernels.AdamStep(
      scale: scale, rate: rate, beta1: settings.beta1, beta2: settings.beta2, epsilon: settings.epsilon,
      correction1: correction1, correction2: correction2, l2: isDecoupled ? 0 : settings.weightDecay,
      decay: isDecoupled ? settings.weightDecay : 0)
  }

  private func memory(_ number: Int, _ slice: Range<Int>) -> View<Float> { memories[number].store.flat[slice] }
}
