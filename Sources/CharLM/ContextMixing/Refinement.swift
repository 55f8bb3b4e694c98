/// Corrects a probability by what followed it in a context: for each context, a curve through 33 points over the
/// stretched probability, which begins as the identity (secondary estimation, Shelwien and Mahoney).
struct Refinement: Sendable {
  private var points: ValueBuffer<Float>
  private let mask: Int

  private static let pointCount = 33
  private static let rate: Float = 0.02

  /// - Parameter contextCount: a power of two.
  init(contextCount: Int) {
    let identity = (0..<Refinement.pointCount).map { logisticFunction((Float($0) - 16) / 2) }
    points = ValueBuffer(Array(repeatElement(identity, count: contextCount).joined()))
    mask = contextCount - 1
  }

  /// Asks for a context's curve ahead of its use.
  @inline(__always)
  func prefetch(context: UInt64) {
    let start = start(context)
    // Its 132 bytes lie in three cache lines.
    points.prefetch(start)
    points.prefetch(start + 16)
    points.prefetch(start + Refinement.pointCount - 1)
  }

  @inline(__always)
  private func start(_ context: UInt64) -> Int {
    (Int(truncatingIfNeeded: context) & mask) * Refinement.pointCount
  }

  /// The corrected probability.
  /// - Returns: with it, the nearer of the two points that it lies between, to `learn` by.
  @inline(__always)
  func refined(_ stretched: Float, context: UInt64) -> (probability: Float, point: Int) {
    let position = (min(max(stretched, -7.999), 7.999) + 8) * 2
    let lower = Int(position)
    let part = position - Float(lower)
    let point = start(context) + lower
    return (points[point] * (1 - part) + points[point + 1] * part, part > 0.5 ? point + 1 : point)
  }

  @inline(__always)
  mutating func learn(_ bit: Int, point: Int) {
    let points = points.own()
    points[point] += (Float(bit) - points[point]) * Refinement.rate
  }
}
