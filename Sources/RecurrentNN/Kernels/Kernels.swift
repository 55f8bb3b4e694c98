import CKernels

/// The element-wise kernels of CKernels over views and matrices: shapes are checked here, once a call.
///
/// Safe: every pointer handed to C comes from a view whose size has just been checked against what the
/// kernel reads and writes (ckernels.h states it for each).
@safe package struct Kernels: @unchecked Sendable {
  // Safe to share: the table is constant once it is chosen.
  let table: UnsafePointer<ck_kernels>
  /// Whether gates, exponentials and products of streams are those that give the same bits on every CPU.
  let isExact: Bool

  /// The table in use: the best the CPU has, or the one that CHARLM_KERNELS names.
  package static let active: Kernels = {
    guard let table = unsafe ck_kernels_active() else { preconditionFailure("no kernels") }
    return unsafe Kernels(table: table, isExact: false)
  }()

  /// The same table, but with gates, exponentials, norms and products of streams that give the same bits on every CPU.
  package static let exact = unsafe Kernels(table: active.table, isExact: true)

  @unsafe private init(table: UnsafePointer<ck_kernels>, isExact: Bool) {
    unsafe self.table = table
    self.isExact = isExact
  }

  var exactTable: ck_exact_kernels { unsafe table.pointee.exact.pointee }

  /// "plain", "avx2" or "avx512".
  package var name: String { unsafe String(cString: table.pointee.name) }

  /// What multiplies matrices, such as "oneDNN 2.6.0".
  package static var productName: String { unsafe String(cString: ck_product_name()) }
}

/// Requires contiguous rows of this shape and gives their address.
private func address(
  _ matrix: Matrix, _ rowCount: Int, _ columnCount: Int, _ name: StaticString
) -> UnsafeMutablePointer<Float> {
  precondition(
    matrix.rowCount >= rowCount && matrix.columnCount == columnCount && matrix.isContiguous,
    "\(name) is \(matrix.rowCount) × \(matrix.columnCount), not \(rowCount) × \(columnCount), contiguous")
  return unsafe matrix.base
}

// MARK: Gates

extension Kernels {
  /// A step's projected inputs: the row of `rows` that `index` names, or rows in order where there is no index.
  package struct Projected {
    let rows: Matrix
    let index: View<Int32>?
  }

  package func lstmForward(
    _ projected: Projected, recurrent: Matrix, cell: Matrix, gates: Matrix, cellOut: Matrix, hidden: Matrix
  ) {
    let (rows, H) = (gates.rowCount, hidden.columnCount)
    let input = unsafe pointers(of: projected, rows, 4 * H)
    unsafe (isExact ? exactTable.lstm_forward : table.pointee.lstm_forward)(
      rows, H, input.rows, input.index, address(recurrent, rows, 4 * H, "recurrent"), address(cell, rows, H, "cell"),
      address(gates, rows, 4 * H, "gates"), address(cellOut, rows, H, "cellOut"),
      address(hidden, rows, H, "hidden"))
  }

  package func lstmBackward(
    gates: Matrix, cell: Matrix, hiddenGradient: Matrix, cellGradient: Matrix, gateGradient: Matrix
  ) {
    let (rows, H) = (gates.rowCount, cell.columnCount)
    unsafe table.pointee.lstm_backward(
      rows, H, address(gates, rows, 4 * H, "gates"), address(cell, rows, H, "cell"),
      address(hiddenGradient, rows, H, "hiddenGradient"),
      address(cellGradient, rows, H, "cellGradient"), address(gateGradient, rows, 4 * H, "gateGradient"))
  }

  package func gruForward(
    _ projected: Projected, recurrent: Matrix, bias: View<Float>?, hidden: Matrix, gates: Matrix, hiddenOut: Matrix
  ) {
    let (rows, H) = (gates.rowCount, hidden.columnCount)
    let input = unsafe pointers(of: projected, rows, 3 * H)
    precondition(bias.map { $0.count == 3 * H } ?? true, "a recurrent bias of \(bias?.count ?? 0), not \(3 * H)")
    unsafe (isExact ? exactTable.gru_forward : table.pointee.gru_forward)(
      rows, H, input.rows, input.index, address(recurrent, rows, 3 * H, "recurrent"), bias?.base,
      address(hidden, rows, H, "hidden"), address(gates, rows, 3 * H, "gates"),
      address(hiddenOut, rows, H, "hiddenOut"))
  }

  package func gruBackward(
    gates: Matrix, recurrent: Matrix, hidden: Matrix, hiddenGradient: Matrix, projectedGradient: Matrix,
    recurrentGradient: Matrix
  ) {
    let (rows, H) = (gates.rowCount, hidden.columnCount)
    unsafe table.pointee.gru_backward(
      rows, H, address(gates, rows, 3 * H, "gates"), address(recurrent, rows, 3 * H, "recurrent"),
      address(hidden, rows, H, "hidden"), address(hiddenGradient, rows, H, "hiddenGradient"),
      address(projectedGradient, rows, 3 * H, "projectedGradient"),
      address(recurrentGradient, rows, 3 * H, "recurrentGradient"))
  }

  package func rnnForward(_ projected: Projected, recurrent: Matrix, relu: Bool, gates: Matrix, hiddenOut: Matrix) {
    let (rows, H) = (gates.rowCount, hiddenOut.columnCount)
    let input = unsafe pointers(of: projected, rows, H)
    unsafe (isExact ? exactTable.rnn_forward : table.pointee.rnn_forward)(
      rows, H, relu, input.rows, input.index, address(recurrent, rows, H, "recurrent"),
      address(gates, rows, H, "gates"), address(hiddenOut, rows, H, "hiddenOut"))
  }

  package func rnnBackward(gates: Matrix, relu: Bool, hiddenGradient: Matrix, gateGradient: Matrix) {
    let (rows, H) = (gates.rowCount, gates.columnCount)
    unsafe table.pointee.rnn_backward(
      rows, H, relu, address(gates, rows, H, "gates"), address(hiddenGradient, rows, H, "hiddenGradient"),
      address(gateGradient, rows, H, "gateGradient"))
  }

  /// A round of a mogrifier: target = 2 σ(a) ⊙ x; `factors` holds a before and 2 σ(a) after. The target may be x.
  package func modulate(_ x: View<Float>, factors: View<Float>, into target: View<Float>) {
    precondition(
      x.count == factors.count && x.count == target.count,
      "\(x.count) numbers times \(factors.count) into \(target.count)")
    unsafe (isExact ? exactTable.modulate : table.pointee.modulate)(x.count, factors.base, x.base, target.base)
  }

  /// From the gradient of the target makes that of x, in place, and from the factors the gradient of a.
  package func modulateBackward(_ x: View<Float>, factors: View<Float>, gradient: View<Float>) {
    precondition(
      x.count == factors.count && x.count == gradient.count,
      "\(x.count) numbers times \(factors.count), gradients of \(gradient.count)")
    unsafe table.pointee.modulate_backward(x.count, factors.base, x.base, gradient.base)
  }

  /// The rows that a step reads; the index's values are checked where they are made (`TokenTable`).
  private func pointers(
    of projected: Projected, _ rows: Int, _ width: Int
  ) -> (rows: UnsafePointer<Float>, index: UnsafePointer<Int32>?) {
    guard let index = projected.index else {
      return unsafe (UnsafePointer(address(projected.rows, rows, width, "projected")), nil)
    }
    precondition(index.count == rows, "an index of \(index.count) for \(rows) rows")
    return unsafe (UnsafePointer(address(projected.rows, 0, width, "projected")), UnsafePointer(index.base))
  }
}

// MARK: Products of streams

extension Kernels {
  /// The product of rows by a group of a `StreamWeight`; its arguments are `ck_stream_product`'s.
  @unsafe var streamProduct:
    @convention(c) (
      Int, Int, Int, UnsafeRawPointer?, Bool, UnsafePointer<Float>?, Int, UnsafeMutablePointer<Float>?, Int, Bool
    ) -> Void
  { unsafe isExact ? exactTable.stream_product : table.pointee.stream_product }
}

// MARK: Rows, loss, updates

extension Kernels {
  package func copy(_ source: Matrix, to target: Matrix) {
    requireSameShape(source, target)
    unsafe table.pointee.copy_rows(
      source.rowCount, source.columnCount, source.base, source.stride, target.base, target.stride)
  }

  package func add(_ source: Matrix, to target: Matrix) {
    requireSameShape(source, target)
    unsafe table.pointee.add_rows(
      source.rowCount, source.columnCount, source.base, source.stride, target.base, target.stride)
  }

  /// target[r] = source[index[r]].
  package func gather(_ source: Matrix, _ index: View<Int32>, to target: Matrix) {
    precondition(source.columnCount == target.columnCount && source.isContiguous && target.isContiguous)
    precondition(index.count == target.rowCount, "an index of \(index.count) for \(target.rowCount) rows")
    unsafe table.pointee.gather_rows(index.count, source.columnCount, source.base, index.base, target.base)
  }

  /// target[index[r]] += source[r].
  package func scatterAdd(_ source: Matrix, _ index: View<Int32>, to target: Matrix) {
    precondition(source.columnCount == target.columnCount && source.isContiguous && target.isContiguous)
    precondition(index.count == source.rowCount, "an index of \(index.count) for \(source.rowCount) rows")
    unsafe table.pointee.scatter_add_rows(index.count, source.columnCount, source.base, index.base, target.base)
  }

  package func add(_ vector: View<Float>, toRowsOf target: Matrix) {
    precondition(vector.count == target.columnCount, "a vector of \(vector.count) for \(target.columnCount) columns")
    unsafe table.pointee.add_vector(target.rowCount, target.columnCount, vector.base, target.base, target.stride)
  }

  /// sum += the sum of the rows.
  package func addRowSum(of source: Matrix, to sum: View<Float>) {
    precondition(sum.count == source.columnCount, "a sum of \(sum.count) for \(source.columnCount) columns")
    unsafe table.pointee.sum_rows(source.rowCount, source.columnCount, source.base, source.stride, sum.base)
  }

  /// target += factor · source.
  package func add(_ source: View<Float>, times factor: Float, to target: View<Float>) {
    precondition(source.count == target.count, "\(source.count) floats to \(target.count)")
    unsafe table.pointee.add_scaled(source.count, factor, source.base, target.base)
  }

  /// Adds the gradient of factor / 2 · Σ (after − before)² to the gradients of both.
  package func addDifference(
    _ before: View<Float>, _ after: View<Float>, times factor: Float, to beforeGradient: View<Float>,
    _ afterGradient: View<Float>
  ) {
    precondition(
      before.count == after.count && before.count == beforeGradient.count && before.count == afterGradient.count,
      "\(before.count) and \(after.count) floats to \(beforeGradient.count) and \(afterGradient.count)")
    unsafe table.pointee.add_difference(
      before.count, factor, before.base, after.base, beforeGradient.base, afterGradient.base)
  }

  /// In place: each row under the mask of its key.
  package func dropout(_ matrix: Matrix, probability: Float, keys: View<UInt64>) {
    dropout(matrix, to: matrix, probability: probability, keys: keys)
  }

  /// target = each row of `source` under the mask of its key.
  package func dropout(_ source: Matrix, to target: Matrix, probability: Float, keys: View<UInt64>) {
    requireSameShape(source, target)
    precondition(keys.count == source.rowCount, "\(keys.count) mask keys for \(source.rowCount) rows")
    unsafe table.pointee.dropout_rows(
      source.rowCount, source.columnCount, keys.base, probability, source.base, source.stride, target.base,
      target.stride)
  }

  /// Turns logits into the gradient of the scaled cross entropy; returns the unscaled sum in nats.
  package func crossEntropyGradient(_ logits: Matrix, targets: View<Int32>, scale: Float) -> Double {
    precondition(targets.count == logits.rowCount, "\(targets.count) targets for \(logits.rowCount) rows")
    return unsafe table.pointee.cross_entropy_gradient(
      logits.rowCount, logits.columnCount, address(logits, logits.rowCount, logits.columnCount, "logits"),
      targets.base, scale)
  }

  /// nats[r] = −log p(targets[r]); best[r] = the likeliest token.
  package func crossEntropy(_ logits: Matrix, targets: View<Int32>, nats: View<Float>, best: View<Int32>) {
    let rows = logits.rowCount
    precondition(targets.count == rows && nats.count == rows && best.count == rows, "outputs for \(rows) rows")
    unsafe table.pointee.cross_entropy(
      rows, logits.columnCount, address(logits, rows, logits.columnCount, "logits"), targets.base, nats.base,
      best.base)
  }

  /// x *= factor.
  package func scale(_ x: View<Float>, by factor: Float) { unsafe table.pointee.scale(x.count, factor, x.base) }

  package func squaredNorm(_ x: View<Float>) -> Double { unsafe table.pointee.squared_norm(x.count, x.base) }

  package struct AdamStep {
    let scale, rate, beta1, beta2, epsilon, correction1, correction2, l2: Float
    var decay: Float

    var withoutDecay: AdamStep {
      var step = self
      step.decay = 0
      return step
    }
  }

  package func adam(
    _ p: View<Float>, gradient: View<Float>, m: View<Float>, v: View<Float>, _ step: AdamStep
  ) {
    precondition(gradient.count == p.count && m.count == p.count && v.count == p.count, "\(p.count) parameters")
    unsafe table.pointee.adam_update(
      p.count, p.base, gradient.base, m.base, v.base, step.scale, step.rate, step.beta1, step.beta2, step.epsilon,
      step.correction1, step.correction2, step.l2, step.decay)
  }

  package struct MomentumStep {
    let scale, rate, momentum, l2: Float
  }

  package func sgd(
    _ p: View<Float>, gradient: View<Float>, velocity: View<Float>?, isNesterov: Bool, _ step: MomentumStep
  ) {
    precondition(gradient.count == p.count && velocity?.count ?? p.count == p.count, "\(p.count) parameters")
    unsafe table.pointee.sgd_update(
      p.count, p.base, gradient.base, velocity?.base, step.scale, step.rate, step.momentum, isNesterov, step.l2)
  }

  package func rmsprop(
    _ p: View<Float>, gradient: View<Float>, v: View<Float>, velocity: View<Float>?, alpha: Float, epsilon: Float,
    _ step: MomentumStep
  ) {
    precondition(
      gradient.count == p.count && v.count == p.count && velocity?.count ?? p.count == p.count,
      "\(p.count) parameters")
    unsafe table.pointee.rmsprop_update(
      p.count, p.base, gradient.base, v.base, velocity?.base, step.scale, step.rate, alpha, epsilon, step.momentum,
      step.l2)
  }

  /// average += rest · (p − average).
  package func average(_ p: View<Float>, into average: View<Float>, rest: Float) {
    precondition(average.count == p.count, "\(average.count) means of \(p.count) parameters")
    unsafe table.pointee.average_update(p.count, p.base, average.base, rest)
  }

  /// p += −rate · gradient · scale + min(decay · return, 1) (origin − p), with a scale and a return for each parameter.
  package func adapt(
    _ p: View<Float>, gradient: View<Float>, scales: View<Float>, returns: View<Float>, origin: View<Float>,
    rate: Float, decay: Float
  ) {
    precondition(
      [gradient, scales, returns, origin].allSatisfy { $0.count == p.count }, "\(p.count) parameters")
    unsafe table.pointee.adapt_update(
      p.count, p.base, gradient.base, scales.base, returns.base, origin.base, rate, decay)
  }

  private func requireSameShape(_ a: Matrix, _ b: Matrix) {
    precondition(
      a.rowCount == b.rowCount && a.columnCount == b.columnCount,
      "\(a.rowCount) × \(a.columnCount) and \(b.rowCount) × \(b.columnCount)")
  }
}

// MARK: Functions of arrays

extension Kernels {
  /// x becomes e^x.
  package func exponentiate(_ x: View<Float>) {
    unsafe (isExact ? exactTable.exp : table.pointee.exp)(x.count, x.base, x.base)
  }

  func tanh(_ x: [Float]) -> [Float] { unsafe apply(table.pointee.tanh, to: x) }
  func sigmoid(_ x: [Float]) -> [Float] { unsafe apply(table.pointee.sigmoid, to: x) }
  func exp(_ x: [Float]) -> [Float] { unsafe apply(table.pointee.exp, to: x) }

  private func apply(
    _ function: @convention(c) (Int, UnsafePointer<Float>?, UnsafeMutablePointer<Float>?) -> Void, to x: [Float]
  ) -> [Float] {
    var y = [Float](repeating: 0, count: x.count)
    unsafe x.withUnsafeBufferPointer { source in
      unsafe y.withUnsafeMutableBufferPointer { target in
        unsafe function(source.count, source.baseAddress, target.baseAddress)
      }
    }
    return y
  }
}
