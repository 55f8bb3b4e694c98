import CKernels
import Testing

@Suite("Layer normalization")
struct NormTests {
  /// One row by plain arithmetic.
  private func normalized(_ x: [Double]) -> [Double] {
    let mean = x.reduce(0, +) / Double(x.count)
    let variance = x.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(x.count)
    return x.map { ($0 - mean) / (variance + 1e-5).squareRoot() }
  }

  @Test("rows are normalized each by its own mean and variance", arguments: Table.available, widths)
  func forward(table: Table, columns: Int) {
    for (rows, offset) in [(0, 0), (1, 0), (5, 0), (5, 100)] as [(Int, Float)] {
      var random = Random(columns)
      let source = random.floats(rows * columns).map { $0 + offset }
      let gain = random.floats(columns)
      let (x, values, scales) = (Buffer(source), Buffer(count: rows * columns), Buffer(count: rows))
      table.kernels.layer_norm(rows, columns, x.pointer, gain, values.pointer, scales.pointer)
      let expected = (0..<rows).flatMap { row in
        normalized(source[row * columns..<(row + 1) * columns].map { Double($0) })
      }
      // Beside an offset of 100 a float has an error of 4e-6, over a deviation that may be a tenth with few columns.
      let tolerance = offset == 0 ? 2e-6 : 1e-4
      expect(values, equals: expected, within: tolerance, "normalized")
      let scaled = expected.enumerated().map { $1 * Double(gain[$0 % columns]) }
      expect(x, equals: scaled, within: tolerance, "times the gain")
      let alone = Buffer(source)
      table.kernels.layer_norm(rows, columns, alone.pointer, gain, nil, nil)
      #expect(alone.values == x.values && scales.isIntact)
    }
  }

  @Test("backward is the slope of forward", arguments: Table.available, [3, 16, 17, 40])
  func backward(table: Table, columns: Int) {
    let rows = 3
    var random = Random(columns)
    let source = random.floats(rows * columns)
    let (gain, weights) = (random.floats(columns), random.floats(rows * columns))
    /// Σ of what comes out times weights.
    func objective(_ x: [Double], _ gain: [Double]) -> Double {
      (0..<rows).reduce(0) { sum, row in
        let values = normalized(Array(x[row * columns..<(row + 1) * columns]))
        return sum + values.indices.reduce(0) { $0 + values[$1] * gain[$1] * Double(weights[row * columns + $1]) }
      }
    }
    let (x, values, scales) = (Buffer(source), Buffer(count: rows * columns), Buffer(count: rows))
    let before = random.floats(columns)
    let gainGradient = Buffer(before)
    table.kernels.layer_norm(rows, columns, x.pointer, gain, values.pointer, scales.pointer)
    table.kernels.layer_norm_backward(
      rows, columns, weights, gain, scales.pointer, values.pointer, gainGradient.pointer)
    let (doubles, gains) = (source.map { Double($0) }, gain.map { Double($0) })
    expect(values, equals: numericalGradient(of: { objective($0, gains) }, at: doubles), within: 2e-5, "x")
    let slopes = numericalGradient(of: { objective(doubles, $0) }, at: gains)
    expect(gainGradient, equals: zip(before, slopes).map { Double($0) + $1 }, within: 2e-5, "gain")
  }
}
