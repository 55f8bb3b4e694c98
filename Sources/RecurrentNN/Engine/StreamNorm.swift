/// Layer normalization where a team computes a layer in parts: a row's mean and variance are over all of them.
///
/// The members write their parts' products here, meet, one of them normalizes, they meet again, and each takes its columns.
/// A plain value, like `StreamPart`; it holds as long as its layer.
struct StreamNorm {
  /// (M, G·H), part beside part: the products, then normalized.
  let projected: Matrix
  let recurrent: Matrix
  /// γ in the same order.
  private let inputGain: View<Float>
  private let recurrentGain: View<Float>
  private let kernels: Kernels

  /// - Parameters:
  ///   - gains: γ_ih and γ_hh in the parts' order of columns.
  ///   - scratch: room for two matrices of (M, G·H).
  init(gains: (input: View<Float>, recurrent: View<Float>), scratch: View<Float>, rowCount: Int, kernels: Kernels) {
    let columnCount = gains.input.count
    (inputGain, recurrentGain) = gains
    self.kernels = kernels
    projected = scratch.matrix(rowCount, columnCount)
    recurrent = scratch[rowCount * columnCount..<2 * rowCount * columnCount].matrix(rowCount, columnCount)
  }

  /// A member's products of a step; without `input` those of the state alone.
  func multiply(_ parts: ArraySlice<StreamPart>, input: StreamRows?, hidden: StreamRows) {
    let rowCount = hidden.values.rowCount
    for part in parts {
      if let input { part.multiplyInput(input, into: projected.rows(first: rowCount).columns(part.columns)) }
      part.multiplyHidden(hidden, into: recurrent.rows(first: rowCount).columns(part.columns))
    }
  }

  /// To be called by one member, between two barriers.
  func normalize(hasInput: Bool, rowCount: Int) {
    if hasInput { kernels.layerNorm(projected.rows(first: rowCount), gain: inputGain) }
    kernels.layerNorm(recurrent.rows(first: rowCount), gain: recurrentGain)
  }

  /// One input row, projected by all parts and normalized, in `row` (1, G·H).
  func project(_ input: StreamRows, by parts: [StreamPart], into row: Matrix) {
    for part in parts { part.multiplyInput(input, into: row.columns(part.columns)) }
    kernels.layerNorm(row, gain: inputGain)
  }
}
