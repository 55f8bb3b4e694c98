#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// Why an address cannot be listened at.
public struct ServerError: Error, Hashable, Sendable, CustomStringConvertible {
  /// The address.
  public let host: String
  /// The port.
  public let port: Int
  /// Why.
  public let reason: String
  /// Whether another program listens there.
  public let isInUse: Bool

  init(host: String, port: Int, reason: String) {
    (self.host, self.port, self.reason, isInUse) = (host, port, reason, false)
  }

  init(host: String, port: Int, number: Int32) {
    (self.host, self.port) = (host, port)
    isInUse = number == EADDRINUSE
    // Safe: the text is copied at once.
    reason = isInUse ? "another program listens there" : unsafe String(cString: strerror(number))
  }

  /// One line: which address, and why not.
  public var description: String { "cannot listen at \(host), port \(port): \(reason)" }
}
