/// Layer normalization in a recurrent cell (Ba, Kiros and Hinton 2016), for one of the two things that its gates get:
///
///     gates = LN(W_ih x) ⊙ γ_ih + LN(W_hh h) ⊙ γ_hh + b_ih + b_hh        LN(a) = (a − mean) / √(variance + 1e-5)
///
/// Mean and variance are those of a row's G·H features, all gates together, so that one gate may still be larger than
/// another. The two are normalized apart: then the input's is a function of the token alone, and the token table
/// stays; and a GRU keeps r ⊙ (… + b_hn) around the recurrent one. Biases are not normalized away.
///
/// Forward keeps the normalized rows; backward turns them into the gradients of a.
///
/// Checked against `ReferenceStack` (Tests/TestSupport): `swift test --filter EngineGradientTests`.
final class LayerNorm {
  /// What γ begins with, the paper's value. The sum of the two then has a deviation of 1.4, where gates are partly
  /// saturated, so smaller values look better, as Cooijmans et al. (2017) begin at 0.1; but trained for 300 steps on a
  /// text of 600 KB, an LSTM learned the faster the larger γ began: validation 2.17, 2.12, 2.04, 1.94 nats for 0.1, 0.25,
  /// 0.5 and 1.
  static let initialGain: Float = 1

  private let gain: View<Float>
  private let normalized: Buffer<Float>  // (N, G·H): normalized rows, then the gradients of what was normalized
  private let scales: Buffer<Float>  // (N): one over the deviation
  private let gainGradient: Buffer<Float>  // (G·H)

  init(gain: View<Float>, rowCapacity: Int) {
    self.gain = gain
    normalized = Buffer(count: rowCapacity * gain.count)
    scales = Buffer(count: rowCapacity)
    gainGradient = Buffer(count: gain.count)
  }

  /// a becomes LN(a) ⊙ γ, in place.
  /// - Parameter rows: where the rows stand in the chunk.
  func forward(_ a: Matrix, at rows: Range<Int>) {
    Kernels.active.layerNorm(a, gain: gain, normalized: gradient(rows), scales: scales.view[rows])
  }

  func beginBackward() { gainGradient.view.fill(0) }

  /// From the gradient of LN(a) ⊙ γ makes that of a, and adds to that of γ.
  func backward(_ outputGradient: Matrix, at rows: Range<Int>) {
    Kernels.active.layerNormBackward(
      outputGradient, gain: gain, normalized: gradient(rows), scales: scales.view[rows],
      gainGradient: gainGradient.view)
  }

  /// The gradient of a that backward has made.
  func gradient(_ rows: Range<Int>) -> Matrix {
    normalized.view.matrix(scales.count, gain.count).rows(rows)
  }

  func addGainGradient(_ columns: Range<Int>, to gradient: View<Float>?, isFirst: Bool) {
    guard let part = gradient?[columns] else { return }
    if isFirst { part.fill(0) }
    Kernels.active.addRowSum(of: gainGradient.view[columns].matrix(1, columns.count), to: part)
  }
}

extension Kernels {
  /// a becomes LN(a) ⊙ gain, in place; LN(a) and one over the deviations are kept where there is room for them.
  func layerNorm(_ a: Matrix, gain: View<Float>, normalized: Matrix? = nil, scales: View<Float>? = nil) {
    precondition(a.isContiguous && a.columnCount == gain.count, "a gain of \(gain.count) for \(a.columnCount) columns")
    precondition(
      (normalized?.rowCount ?? a.rowCount) == a.rowCount && (scales?.count ?? a.rowCount) == a.rowCount,
      "what is kept of \(a.rowCount) rows")
    guard !isExact else {
      precondition(normalized == nil && scales == nil, "an exact norm keeps nothing for a backward pass")
      return unsafe exactTable.layer_norm(a.rowCount, a.columnCount, a.base, gain.base)
    }
    unsafe table.pointee.layer_norm(a.rowCount, a.columnCount, a.base, gain.base, normalized?.base, scales?.base)
  }

  /// `normalized` becomes the gradient of a; `gainGradient` gets its part.
  func layerNormBackward(
    _ outputGradient: Matrix, gain: View<Float>, normalized: Matrix, scales: View<Float>, gainGradient: View<Float>
  ) {
    let (rows, columns) = (outputGradient.rowCount, outputGradient.columnCount)
    precondition(
      outputGradient.isContiguous && gain.count == columns && gainGradient.count == columns,
      "gains of \(gain.count) and \(gainGradient.count) for \(columns) columns")
    precondition(
      normalized.rowCount == rows && normalized.columnCount == columns && scales.count == rows,
      "\(normalized.rowCount) × \(normalized.columnCount) values kept for \(rows) × \(columns)")
    unsafe table.pointee.layer_norm_backward(
      rows, columns, outputGradient.base, gain.base, scales.base, normalized.base, gainGradient.base)
  }
}
