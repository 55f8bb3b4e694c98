#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

extension View where Element == Float {
  /// Draws every value from U(−bound, bound).
  package func fillUniform(bound: Float, using generator: inout SeededGenerator) {
    for index in 0..<count { self[index] = (2 * generator.uniform() - 1) * bound }
  }

  /// Draws every value from N(mean, deviation²) by Box and Muller's method.
  package func fillNormal(mean: Float = 0, deviation: Float = 1, using generator: inout SeededGenerator) {
    for index in 0..<count {
      let radius = (-2 * log(1 - generator.uniformDouble())).squareRoot()
      let angle = 2 * Double.pi * generator.uniformDouble()
      self[index] = mean + deviation * Float(radius * cos(angle))
    }
  }
}
