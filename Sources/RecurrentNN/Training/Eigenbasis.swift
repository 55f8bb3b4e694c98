/// A matrix of parameters that is updated in the eigenbasis of its gradients (one-sided SOAP: Vyas et al. 2024).
///
/// Adam divides each parameter's gradient by its own size, which helps where gradients differ in size along the axes. The
/// gradients of a recurrent weight differ far more along other directions: those in which the hidden states vary most. So
/// the mean C of GᵀG is kept, its eigenvectors are followed by a power iteration now and then, and Adam runs on what the
/// gradients are along them:
///
///     C = β C + (1 − β) GᵀG        G (rows, columns), every few steps
///     Q = orthonormal(C Q)         every `period` steps
///     P −= rate · adam(G Q) Qᵀ
///
/// Adam's two means are kept in that basis, and the first is turned with it.
package final class Eigenbasis {
  /// The parameters in the flat buffer, (rows, columns).
  package let layout: ParameterLayout
  private let columnCount: Int
  private let rowCount: Int
  /// Q's columns as rows.
  private let basis: Matrix
  private let covariance: Matrix
  private let (toBasis, fromBasis): (PackedMatrix, PackedMatrix)
  private let precision: Precision
  /// The gradient in the basis, and the move.
  private let (turned, move): (Buffer<Float>, Buffer<Float>)
  private let (next, overlaps): (Buffer<Float>, Buffer<Float>)

  /// Of the mean of GᵀG.
  static let decay: Float = 0.98
  /// Steps between two gradients that are added to it.
  static let covariancePeriod = 4
  /// Steps between two renewals of the basis; in the beginning there are more.
  static let period = 16
  /// Added to the mean in all directions, as a part of its own size, so that one without gradients stays as it is.
  private static let ridge: Float = 1e-6
  /// Rows of a task.
  private static let partSize = 128

  init(_ layout: ParameterLayout, basis: Matrix, covariance: Matrix, precision: Precision) {
    self.layout = layout
    (rowCount, columnCount) = (layout.shape[0], layout.shape[1])
    self.precision = precision
    self.basis = basis
    self.covariance = covariance
    let rows = min(Self.partSize, rowCount)
    toBasis = PackedMatrix(weight: basis, transposed: true, largestRowCount: rows, precision: precision)
    fromBasis = PackedMatrix(weight: basis, transposed: false, largestRowCount: rows, precision: precision)
    turned = Buffer(count: rowCount * columnCount)
    move = Buffer(count: rowCount * columnCount)
    next = Buffer(count: columnCount * columnCount)
    overlaps = Buffer(count: overlapCount(rowCount: columnCount))
  }

  /// Whether a parameter is one that has such a basis: a matrix of some size.
  static func suits(_ shape: [Int]) -> Bool { shape.count == 2 && shape.allSatisfy { $0 >= 8 } }

  /// The numbers that one takes beside Adam's.
  static func memoryCount(shape: [Int]) -> Int {
    guard suits(shape) else { return 0 }
    return 2 * shape[0] * shape[1] + 5 * shape[1] * shape[1]
  }

  /// The multiplications of a step: the gradient into the basis and the move out of it, and the mean's share of every few
  /// steps.
  static func multiplicationCount(shape: [Int]) -> Double {
    guard suits(shape) else { return 0 }
    return Double(shape[0]) * Double(shape[1]) * Double(shape[1]) * (2 + 1 / Double(covariancePeriod))
  }

  /// The rows of the parameters, in parts for tasks.
  var rowParts: [Range<Int>] { Self.parts(rowCount) }
  /// The rows of the covariance, in parts for tasks.
  var columnParts: [Range<Int>] { Self.parts(columnCount) }

  private static func parts(_ rowCount: Int) -> [Range<Int>] {
    stride(from: 0, to: rowCount, by: partSize).map { $0..<min($0 + partSize, rowCount) }
  }

  // MARK: A step, stage by stage; the parts of a stage are independent

  /// The axes themselves.
  func reset() {
    basis.view.fill(0)
    for index in 0..<columnCount { basis.row(index)[index] = 1 }
    pack()
  }

  /// Brings the packed copies up to date.
  func pack() {
    toBasis.update(from: basis)
    fromBasis.update(from: basis)
  }

  static func addsGradient(step: Int) -> Bool { step <= period || step % covariancePeriod == 0 }
  static func isRenewed(step: Int) -> Bool { step % period == 0 || (step < period && step.nonzeroBitCount == 1) }

  /// Adds a gradient to some rows of the covariance.
  /// - Parameter scale: what the gradient counts times.
  func add(_ gradient: Matrix, scale: Float, rows: Range<Int>, step: Int) {
    // A young mean is the plain one.
    let decay = min(Self.decay, 1 - 1 / Float(step))
    let target = covariance.rows(rows)
    let product = next.view[rows.lowerBound * columnCount..<rows.upperBound * columnCount]
    multiplyTransposed(
      gradient.columns(rows), gradient, into: product.matrix(rows.count, columnCount), accumulate: false,
      precision: precision)
    // Squares of gradients that are finite, but have to be clipped, can be infinite, and would stay so.
    guard Kernels.active.squaredNorm(product).isFinite else { return }
    Kernels.active.scale(target.view, by: decay)
    Kernels.active.add(product, times: (1 - decay) * scale * scale, to: target.view)
  }

  /// The first mean along the axes again, before the basis changes.
  func turnBack(_ mean: Matrix, rows: Range<Int>) { fromBasis.multiply(mean.rows(rows), into: move(rows)) }

  /// The first mean in the new basis.
  func turn(_ mean: Matrix, rows: Range<Int>) { toBasis.multiply(move(rows), into: mean.rows(rows)) }

  /// Follows the covariance by a power iteration, by several in the beginning.
  func renew(step: Int) {
    let size = columnCount
    let product = next.view.matrix(size, size)
    let trace = (0..<size).reduce(Float(0)) { $0 + covariance.row($1)[$1] }
    guard trace.isFinite, trace > 0 else { return }
    for _ in 0..<(step <= Self.period ? 4 : 1) {
      multiply(basis, covariance, into: product)
      Kernels.active.add(basis.view, times: Self.ridge * trace / Float(size), to: product.view)
      orthonormalizeRows(product, overlaps: overlaps)
      basis.view.copy(from: product.view)
    }
    pack()
  }

  /// Moves some rows of the parameters.
  func update(
    _ parameters: Matrix, gradient: Matrix, firstMoment: Matrix, secondMoment: Matrix, rows: Range<Int>,
    _ step: Kernels.AdamStep
  ) {
    let (turned, move) = (matrix(turned, rows), move(rows))
    toBasis.multiply(gradient.rows(rows), into: turned)
    move.view.fill(0)
    Kernels.active.adam(
      move.view, gradient: turned.view, m: firstMoment.rows(rows).view, v: secondMoment.rows(rows).view,
      step.withoutDecay)
    limit(move.view, to: Self.largestMove * step.rate)
    let target = parameters.rows(rows)
    Kernels.active.scale(target.view, by: 1 - step.rate * step.decay)
    fromBasis.multiply(move, into: target, accumulate: true)
  }

  /// Times the rate. Adam's own moves stay below 2.4 where the means are of the same numbers, by the inequality of Cauchy and
  /// Schwarz (β1 0.9, β2 0.99). But the second mean does not turn with the basis: along a new direction it can be nearly 0,
  /// where the first one, which turns, is not, and a move of thousands of rates ended trainings in their first steps.
  static let largestMove: Float = 4

  private func limit(_ values: View<Float>, to largest: Float) {
    for index in 0..<values.count { values[index] = min(max(values[index], -largest), largest) }
  }

  private func move(_ rows: Range<Int>) -> Matrix { matrix(move, rows) }

  private func matrix(_ buffer: Buffer<Float>, _ rows: Range<Int>) -> Matrix {
    buffer.view.matrix(rowCount, columnCount).rows(rows)
  }
}

/// Makes rows orthonormal, each to those before it (Gram and Schmidt), by products a block at a time. All is done twice, for
/// what is left of a row that lost most of its length is inexact.
/// - Parameter overlaps: room for `overlapCount` numbers.
func orthonormalizeRows(_ matrix: Matrix, overlaps: Buffer<Float>) {
  for start in stride(from: 0, to: matrix.rowCount, by: blockSize) {
    let (former, block) = (matrix.rows(first: start), matrix.rows(start..<min(start + blockSize, matrix.rowCount)))
    for _ in 0..<2 {
      normalizeRows(block)
      project(block, away: former, overlaps)
      for index in 0..<block.rowCount {
        let row = block.rows(index..<index + 1)
        for _ in 0..<2 {
          normalizeRows(row)
          project(row, away: block.rows(first: index), overlaps)
        }
        normalizeRows(row)
      }
    }
  }
}

/// Rows −= what they have along others, which are orthonormal.
private func project(_ rows: Matrix, away others: Matrix, _ overlaps: Buffer<Float>) {
  guard others.rowCount > 0 else { return }
  let overlap = overlaps.view[0..<rows.rowCount * others.rowCount].matrix(rows.rowCount, others.rowCount)
  multiply(rows, others, into: overlap, transposesRight: true)
  Kernels.active.scale(overlap.view, by: -1)
  multiply(overlap, others, into: rows, accumulate: true)
}

private let blockSize = 32

/// The room that `orthonormalizeRows` takes for so many rows.
func overlapCount(rowCount: Int) -> Int { blockSize * rowCount }

private func normalizeRows(_ matrix: Matrix) {
  for index in 0..<matrix.rowCount {
    let row = matrix.row(index)
    Kernels.active.scale(row, by: Float(1 / max(Kernels.active.squaredNorm(row), 1e-60).squareRoot()))
  }
}
