/// A window of rows × columns on a float buffer, row-major, with `stride` floats from a row to the next.
///
/// Safe: slices are checked against the window; the same rule of life as for `View`.
@safe package struct Matrix {
  package let base: UnsafeMutablePointer<Float>
  package let rowCount: Int
  package let columnCount: Int
  package let stride: Int

  @unsafe package init(base: UnsafeMutablePointer<Float>, rowCount: Int, columnCount: Int, stride: Int) {
    unsafe self.base = base
    self.rowCount = rowCount
    self.columnCount = columnCount
    self.stride = stride
  }

  package func rows(_ range: Range<Int>) -> Matrix {
    precondition(range.lowerBound >= 0 && range.upperBound <= rowCount, "rows \(range) of \(rowCount)")
    return unsafe Matrix(
      base: base + range.lowerBound * stride, rowCount: range.count, columnCount: columnCount, stride: stride)
  }

  package func rows(first count: Int) -> Matrix { rows(0..<count) }

  package func columns(_ range: Range<Int>) -> Matrix {
    precondition(range.lowerBound >= 0 && range.upperBound <= columnCount, "columns \(range) of \(columnCount)")
    return unsafe Matrix(
      base: base + range.lowerBound, rowCount: rowCount, columnCount: range.count, stride: stride)
  }

  package var elementCount: Int { rowCount * columnCount }

  /// One row as a view.
  package func row(_ index: Int) -> View<Float> {
    precondition(index >= 0 && index < rowCount, "row \(index) of \(rowCount)")
    return unsafe View(base: base + index * stride, count: columnCount)
  }

  /// True where a row follows the one before it without a gap, as most kernels need.
  package var isContiguous: Bool { stride == columnCount || rowCount <= 1 }

  /// All elements as one view; the matrix must be contiguous.
  package var view: View<Float> {
    precondition(isContiguous, "a view of a matrix with stride \(stride) and \(columnCount) columns")
    return unsafe View(base: base, count: rowCount * columnCount)
  }

  package func zero() {
    if isContiguous { view.fill(0) } else { for index in 0..<rowCount { row(index).fill(0) } }
  }
}
