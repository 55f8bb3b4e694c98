import RecurrentNN

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// The mean of several networks' probabilities, as logits: log(1/K Σₖ softmax(logitsₖ)).
///
/// In logarithms throughout, so that a probability too small for a float stays a number: each row becomes
/// logits − log Σ exp(logits), the maximum subtracted, and rows are added by
/// log(eᵃ + eᵇ) = max(a, b) + log(1 + e^−|a−b|), whose last term loses nothing.
///
/// The rows of different `scratch` numbers may be averaged at the same time.
package struct ProbabilityMean {
  private let scratch: Matrix
  private let memory: Buffer<Float>  // (scratch rows, V): owns what `scratch` looks at

  /// - Parameter scratchCount: how many rows may be averaged at the same time.
  package init(vocabularyCount: Int, scratchCount: Int = 1) {
    memory = Buffer(count: scratchCount * vocabularyCount)
    scratch = memory.view.matrix(scratchCount, vocabularyCount)
  }

  /// Turns the first network's logits of a row into those of the mean; the others' are changed, too. One network's are
  /// left as they are.
  package func average(_ rows: [View<Float>], scratch number: Int = 0) {
    guard rows.count > 1 else { return }
    let exponentials = scratch.row(number)
    for row in rows { normalize(row, exponentials) }
    let mean = rows[0]
    for row in rows.dropFirst() {
      for token in 0..<row.count { exponentials[token] = -abs(mean[token] - row[token]) }
      Kernels.active.exponentiate(exponentials)
      for token in 0..<row.count { mean[token] = max(mean[token], row[token]) + log1p(exponentials[token]) }
    }
    let logCount = log(Float(rows.count))
    for token in 0..<mean.count { mean[token] -= logCount }
  }

  /// Logits become logarithms of probabilities.
  private func normalize(_ row: View<Float>, _ exponentials: View<Float>) {
    var largest = row[0]
    for token in 1..<row.count { largest = max(largest, row[token]) }
    for token in 0..<row.count { exponentials[token] = row[token] - largest }
    Kernels.active.exponentiate(exponentials)
    var sum = 0.0
    for token in 0..<row.count { sum += Double(exponentials[token]) }
    let logSum = largest + Float(log(sum))
    for token in 0..<row.count { row[token] -= logSum }
  }
}
