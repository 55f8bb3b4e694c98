#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// The value at `x` of the line through measured points, x on a logarithmic scale; beyond them, that of the nearest.
/// - Parameter points: in order of rising x, at least one.
func interpolated(_ points: [(x: Double, y: Double)], atLogOf x: Double) -> Double {
  guard let next = points.firstIndex(where: { log($0.x) >= log(x) }) else { return points[points.count - 1].y }
  guard next > 0 else { return points[0].y }
  let (low, high) = (points[next - 1], points[next])
  return low.y + (high.y - low.y) * (log(x) - log(low.x)) / (log(high.x) - log(low.x))
}
