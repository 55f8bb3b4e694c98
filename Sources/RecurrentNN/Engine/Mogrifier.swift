/// What lets a cell's input and its state gate each other, in turn, before the cell reads them (Melis, Kočiský and Blunsom
/// 2020):
///
///     round 1    x = 2 σ(W₁ h) ⊙ x
///     round 2    h = 2 σ(W₂ x) ⊙ h
///     round 3    x = 2 σ(W₃ h) ⊙ x        …
///
/// So what a token means to the gates depends on what was read before it, and the cell's input product can no longer be
/// made once for each distinct token: it is made in the time loop, step by step.
///
/// Beginning with h instead would let W₁ x be made once a token, but learned less in all of five comparisons.
///
/// Letters: N chunk rows, I input, R state. Forward keeps each version of x and h, and the factors; backward turns the
/// factors into the gradients of W h and W x.
///
/// Checked against `ReferenceStack` (Tests/TestSupport): `swift test --filter EngineGradientTests`.
final class Mogrifier {
  /// By round, (I, R) and (R, I) in turn.
  private let weights: [PackedWeight]
  private let precision: Precision
  /// The versions of x, (N, I), and of h, (N, R). The cell reads the last ones.
  private let inputs: [Matrix]
  private let hiddens: [Matrix]
  /// By round: of (N, I) and (N, R) in turn.
  private let factors: [Matrix]
  /// (N, I): of x, first of what the cell reads, in the end of the first version.
  private let inputGradient: Matrix
  private let buffers: [Buffer<Float>]  // owns all of the above but the last h

  /// - Parameter hidden: (N, R): where the cell reads h.
  init(_ weights: DirectionWeights, rowCapacity: Int, hidden: Matrix) {
    let (rounds, inputSize, stateSize) = (weights.mogrifier.count, weights.inputSize, weights.shape.stateSize)
    var owned: [Buffer<Float>] = []
    func matrix(_ columns: Int) -> Matrix {
      owned.append(Buffer(count: rowCapacity * columns))
      return owned[owned.count - 1].view.matrix(rowCapacity, columns)
    }
    self.weights = weights.mogrifier
    precision = weights.precision
    inputs = (0...(rounds + 1) / 2).map { _ in matrix(inputSize) }
    hiddens = (0..<rounds / 2).map { _ in matrix(stateSize) } + [hidden]
    factors = (0..<rounds).map { matrix(Mogrifier.gatesInput(round: $0) ? inputSize : stateSize) }
    inputGradient = matrix(inputSize)
    buffers = owned
  }

  /// Whether a round, counted from 0, gates x by h; the others gate h by x.
  static func gatesInput(round: Int) -> Bool { round % 2 == 0 }

  static func parameterName(round: Int) -> String { "weight_mogrify\(round + 1)" }

  // MARK: Forward

  /// Takes a chunk's input.
  func read(_ input: LayerInput, rowCount: Int) {
    let target = inputs[0].rows(first: rowCount)
    if let index = input.index {
      Kernels.active.gather(input.rows, index[0..<rowCount], to: target)
    } else {
      Kernels.active.copy(input.rows.rows(first: rowCount), to: target)
    }
  }

  /// Where the state that enters some rows is expected, (rows, R).
  func enteringHidden(_ rows: Range<Int>) -> Matrix { hiddens[0].rows(rows) }

  /// Runs all rounds for the rows of a step.
  func forward(_ rows: Range<Int>) {
    for round in factors.indices {
      let factors = factors[round].rows(rows)
      let (before, after) = gated(round)
      weights[round].forward.multiply(reader(round).rows(rows), into: factors)
      Kernels.active.modulate(before.rows(rows).view, factors: factors.view, into: after.rows(rows).view)
    }
  }

  /// What the cell reads as its input, (rows, I).
  func input(_ rows: Range<Int>) -> Matrix { inputs[inputs.count - 1].rows(rows) }

  /// What a round multiplies with its weight.
  private func reader(_ round: Int) -> Matrix {
    Mogrifier.gatesInput(round: round) ? hiddens[round / 2] : inputs[round / 2 + 1]
  }

  /// What a round gates, before and after.
  private func gated(_ round: Int) -> (before: Matrix, after: Matrix) {
    let versions = Mogrifier.gatesInput(round: round) ? inputs : hiddens
    return (versions[round / 2], versions[round / 2 + 1])
  }

  // MARK: Backward

  /// Where the gradient of what the cell read as its input is expected before `backward`, (rows, I).
  func inputGradient(_ rows: Range<Int>) -> Matrix { inputGradient.rows(rows) }

  /// From the gradients of what the cell read in the rows of a step makes those of x and of the h that entered, in place.
  func backward(_ rows: Range<Int>, hiddenGradient: Matrix) {
    let inputGradient = inputGradient.rows(rows)
    for round in factors.indices.reversed() {
      let factors = factors[round].rows(rows)
      let (gatedGradient, readGradient) =
        Mogrifier.gatesInput(round: round) ? (inputGradient, hiddenGradient) : (hiddenGradient, inputGradient)
      Kernels.active.modulateBackward(
        gated(round).before.rows(rows).view, factors: factors.view, gradient: gatedGradient.view)
      weights[round].backward.multiply(factors, into: readGradient, accumulate: true)
    }
  }

  /// Adds the gradients of x to those of the rows that were read.
  func addInputGradient(_ input: LayerInput, rowCount: Int, to target: Matrix) {
    let gradient = inputGradient.rows(first: rowCount)
    if let index = input.index {
      Kernels.active.scatterAdd(gradient, index[0..<rowCount], to: target)
    } else {
      Kernels.active.add(gradient, to: target)
    }
  }

  /// Adds this chunk's part to the gradient of a round's weight, or sets it where it is the first.
  func addWeightGradient(round: Int, rowCount: Int, to gradient: Matrix, isFirst: Bool) {
    multiplyTransposed(
      factors[round].rows(first: rowCount), reader(round).rows(first: rowCount), into: gradient, accumulate: !isFirst,
      precision: precision)
  }
}
