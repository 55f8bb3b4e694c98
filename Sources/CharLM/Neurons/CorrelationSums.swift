/// The sums of which correlations of some rows with some columns are made, both over the same tokens.
///
///     r = (n Σxy − Σx Σy) / √((n Σx² − (Σx)²)(n Σy² − (Σy)²))
///
/// In double precision the differences lose nothing that matters for numbers of this size and less than 10⁹ tokens.
struct CorrelationSums {
  private let columnCount: Int
  private var count = 0.0
  private var rows: [Double]
  private var rowSquares: [Double]
  private var columns: [Double]
  private var columnSquares: [Double]
  private var products: [Double]  // (rows, columns)
  /// The largest magnitude of each row.
  private(set) var largest: [Float]

  init(rowCount: Int, columnCount: Int) {
    self.columnCount = columnCount
    rows = Array(repeating: 0, count: rowCount)
    rowSquares = rows
    largest = Array(repeating: 0, count: rowCount)
    columns = Array(repeating: 0, count: columnCount)
    columnSquares = columns
    products = Array(repeating: 0, count: rowCount * columnCount)
  }

  /// Adds some tokens.
  /// - Parameters:
  ///   - activations: by layer, (tokens, width); the rows are the layers' units one after the other.
  ///   - values: by token, the columns.
  mutating func add(_ activations: [[Float]], width: Int, _ values: [[Float]]) {
    count += Double(values.count)
    for row in values {
      for column in 0..<columnCount {
        columns[column] += Double(row[column])
        columnSquares[column] += Double(row[column]) * Double(row[column])
      }
    }
    for (layer, layerActivations) in activations.enumerated() {
      for (token, row) in values.enumerated() {
        for unit in 0..<width {
          let activation = layerActivations[token * width + unit]
          let (x, place) = (Double(activation), layer * width + unit)
          largest[place] = max(largest[place], abs(activation))
          rows[place] += x
          rowSquares[place] += x * x
          for column in 0..<columnCount { products[place * columnCount + column] += x * Double(row[column]) }
        }
      }
    }
  }

  /// Whether a column has more than one value.
  func varies(column: Int) -> Bool { columnVariance(column) > 0 }

  private func columnVariance(_ column: Int) -> Double {
    count * columnSquares[column] - columns[column] * columns[column]
  }

  /// By row, then column; 0 where one of the two never changes.
  var correlations: [[Double]] {
    rows.indices.map { row in
      let variance = count * rowSquares[row] - rows[row] * rows[row]
      return (0..<columnCount).map { column in
        let product = variance * columnVariance(column)
        // What never changes may have a variance that is not quite zero, of rounding.
        guard variance > 1e-12 * count * count, columnVariance(column) > 0, product > 0 else { return 0 }
        let covariance = count * products[row * columnCount + column] - rows[row] * columns[column]
        return min(max(covariance / product.squareRoot(), -1), 1)
      }
    }
  }
}

/// How often gates are nearly shut or nearly open.
struct GateCounts {
  private(set) var shut: [Int]
  private(set) var open: [Int]

  init(count: Int) {
    shut = Array(repeating: 0, count: count)
    open = shut
  }

  /// Adds some tokens.
  /// - Parameter gates: by layer, (tokens, width).
  mutating func add(_ gates: [[Float]], width: Int, tokenCount: Int) {
    for (layer, values) in gates.enumerated() {
      for token in 0..<tokenCount {
        for place in 0..<width {
          let value = values[token * width + place]
          if value < 0.1 { shut[layer * width + place] += 1 }
          if value > 0.9 { open[layer * width + place] += 1 }
        }
      }
    }
  }
}
