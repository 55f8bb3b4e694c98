#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// exp(x), for the modules above that import no C library.
package func exponential(_ x: Float) -> Float { exp(x) }
