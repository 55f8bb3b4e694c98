/// 1 / (1 + e^−x).
@inline(__always)
func logisticFunction(_ x: Float) -> Float { 1 / (1 + Portable.exponential(-x)) }

/// The inverse of the logistic function, log p / (1 − p), in 4096 steps: within ±9. Where evidence adds up, probabilities
/// are mixed in this measure.
struct StretchTable: Sendable {
  private let values: [Float] = (0..<4096).map { step in
    let probability = (Double(step) + 0.5) / 4096
    return Float(Portable.logarithm(probability) - Portable.logarithm(1 - probability))
  }

  @inline(__always)
  subscript(probability: Float) -> Float { values[min(max(Int(probability * 4096), 0), 4095)] }
}
