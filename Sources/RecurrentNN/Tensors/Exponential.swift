#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// exp(x), for code whose own names hide the C library's.
func exponential(_ x: Float) -> Float { exp(x) }

/// The natural logarithm, likewise.
func logarithm(_ x: Float) -> Float { log(x) }
