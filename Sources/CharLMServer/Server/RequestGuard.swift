import HTTPTypes

/// Says who may ask: clients with the token, and pages of this server alone.
///
/// A page from elsewhere can make a browser send requests here. By its own name they have a foreign `Origin`; by a name
/// that it lets point to this machine (DNS rebinding) they have a foreign `Host`.
struct RequestGuard: Sendable {
  /// nil for none.
  private let token: String?
  /// The names under which this server may be asked for, without a port; nil for any, where a token is asked for.
  private let hosts: Set<String>?

  init(_ settings: ServerSettings) {
    token = settings.token
    hosts = settings.isLoopback ? ["localhost", "127.0.0.1", "[::1]", RequestGuard.bracketed(settings.host)] : nil
  }

  private static func bracketed(_ host: String) -> String { host.contains(":") ? "[\(host)]" : host.lowercased() }

  /// - Parameter needsToken: whether the token is asked for.
  /// - Throws: `RequestError` for a request that is not answered.
  func check(_ request: HTTPRequest, needsToken: Bool) throws(RequestError) {
    let host = request.authority ?? ""
    if let hosts, !hosts.contains(RequestGuard.name(of: host)) {
      throw RequestError(
        status: .forbidden, message: "the host '\(host.prefix(100))' is not this server's name; ask for localhost")
    }
    if let origin = request.headerFields[.origin], origin.lowercased() != "http://" + host.lowercased(),
      origin.lowercased() != "https://" + host.lowercased()
    {
      throw RequestError(status: .forbidden, message: "pages of '\(origin.prefix(100))' may not ask this server")
    }
    guard let token, needsToken else { return }
    guard let given = request.headerFields[.authorization] else {
      throw RequestError(status: .unauthorized, message: "a token is needed: Authorization: Bearer TOKEN")
    }
    guard RequestGuard.areEqual(given, "Bearer " + token) else {
      throw RequestError(status: .unauthorized, message: "the token is wrong")
    }
  }

  /// A host without its port.
  private static func name(of host: String) -> String {
    guard let colon = host.lastIndex(of: ":"), host[host.index(after: colon)...].allSatisfy(\.isNumber) else {
      return host.lowercased()
    }
    return host[..<colon].lowercased()
  }

  /// Takes the same time wherever two texts differ.
  private static func areEqual(_ given: String, _ right: String) -> Bool {
    let (given, right) = (Array(given.utf8), Array(right.utf8))
    var difference = given.count ^ right.count
    for (place, byte) in given.enumerated() { difference |= Int(byte ^ right[place % right.count]) }
    return difference == 0
  }
}
