#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// exp(x), for code whose own names hide the C library's.
package func exponential(_ x: Float) -> Float { exp(x) }

/// exp(x) in double precision.
package func exponential(_ x: Double) -> Double { exp(x) }

/// The natural logarithm, likewise.
package func logarithm(_ x: Float) -> Float { log(x) }

/// The natural logarithm in double precision.
package func logarithm(_ x: Double) -> Double { log(x) }
