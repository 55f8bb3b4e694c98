import CKernels

/// Rows for products with a `StreamWeight`: as they are and, where the weight is of integers, rounded to 8 bits.
struct StreamRows {
  /// (M, K).
  let values: Matrix
  /// The bytes of the rounded rows, as `ck_int8_round` writes them, and their scales (M).
  let integers: (bytes: View<UInt8>, scales: View<Float>)?

  /// Rows; without integers for weights that are not of integers.
  init(_ values: Matrix, integers: (bytes: View<UInt8>, scales: View<Float>)? = nil) {
    self.values = values
    self.integers = integers
  }
}

/// Room for M rows that are rounded to 8 bits, each time anew; nothing where weights are not of integers.
///
/// A plain value: it holds as long as the memory that it was given.
struct RowRounding {
  private let bytes: View<UInt8>
  private let scales: View<Float>

  /// - Parameters:
  ///   - bytes: room for M rows of `byteCount` bytes.
  ///   - scales: room for M floats.
  init(bytes: View<UInt8>, scales: View<Float>) {
    self.bytes = bytes
    self.scales = scales
  }

  /// The bytes of a rounded row.
  static func byteCount(columnCount: Int) -> Int { ck_int8_row_bytes(columnCount) }

  /// The rows with their rounded form, which holds until the next are rounded.
  func rows(_ values: Matrix) -> StreamRows {
    let byteCount = values.rowCount * RowRounding.byteCount(columnCount: values.columnCount)
    precondition(
      byteCount <= bytes.count && values.rowCount <= scales.count,
      "\(values.rowCount) × \(values.columnCount) rounded into \(bytes.count) bytes and \(scales.count) scales")
    // Safe: there is room for what is written, and what is read is the matrix's own.
    unsafe ck_int8_round(
      ck_int8_active(), values.rowCount, values.columnCount, values.base, values.stride, bytes.base,
      scales.base)
    return StreamRows(values, integers: (bytes, scales))
  }
}

/// What a member of a team needs for its part of a step of M streams.
///
/// A plain value, like `StreamPart`; it holds as long as the memory that it was given.
struct StreamScratch {
  // (M, C) each, or (M, units): room for one part's.
  let projected: View<Float>
  let recurrent: View<Float>
  let gates: View<Float>
  let hidden: View<Float>
  let newHidden: View<Float>
  private let rounding: (input: RowRounding, hidden: RowRounding)?

  init(
    rowCount: Int, inputSize: Int, hiddenSize: Int, precision: StreamPrecision, floats: (Int) -> View<Float>,
    bytes: (Int) -> View<UInt8>
  ) {
    let size = rowCount * StreamWeight.largestColumnCount
    (projected, recurrent, gates, hidden, newHidden) = (
      floats(size), floats(size), floats(size), floats(size), floats(size)
    )
    func rounding(_ columnCount: Int) -> RowRounding {
      RowRounding(
        bytes: bytes(rowCount * RowRounding.byteCount(columnCount: columnCount)), scales: floats(rowCount))
    }
    self.rounding = precision == .int8 ? (rounding(inputSize), rounding(hiddenSize)) : nil
  }

  /// A layer's input as a product takes it.
  func input(_ rows: Matrix) -> StreamRows { rounding.map { $0.input.rows(rows) } ?? StreamRows(rows) }
  /// A layer's own h.
  func hidden(_ rows: Matrix) -> StreamRows { rounding.map { $0.hidden.rows(rows) } ?? StreamRows(rows) }
}
