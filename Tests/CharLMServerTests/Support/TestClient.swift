import Foundation
import NIOCore
import NIOPosix

/// What a server answered.
struct Answer {
  let status: Int
  let fields: [String: String]
  let bytes: [UInt8]

  var text: String { String(decoding: bytes, as: UTF8.self) }

  /// The body as a JSON object.
  var json: [String: Any] { (try? JSONSerialization.jsonObject(with: Data(bytes))) as? [String: Any] ?? [:] }

  /// The field that is wrong, as an error names it.
  var wrongField: String? { (json["error"] as? [String: Any])?["param"] as? String }

  /// What an error says.
  var message: String { (json["error"] as? [String: Any])?["message"] as? String ?? "" }

  /// The data of server-sent events.
  var events: [String] {
    text.components(separatedBy: "\n\n").filter { $0.hasPrefix("data: ") }.map { String($0.dropFirst(6)) }
  }

  /// The same as JSON objects.
  var eventObjects: [[String: Any]] {
    events.compactMap { (try? JSONSerialization.jsonObject(with: Data($0.utf8))) as? [String: Any] }
  }

  /// All that came on a connection up to its end; nil where that is no answer.
  init?(_ received: [UInt8]) {
    guard let end = received.firstRange(of: Array("\r\n\r\n".utf8)) else { return nil }
    let lines = String(decoding: received[..<end.lowerBound], as: UTF8.self).components(separatedBy: "\r\n")
    let words = lines[0].split(separator: " ")
    guard words.count >= 2, words[0] == "HTTP/1.1", let status = Int(words[1]) else { return nil }
    self.status = status
    var fields: [String: String] = [:]
    for line in lines.dropFirst() {
      let parts = line.split(separator: ":", maxSplits: 1)
      if parts.count == 2 { fields[parts[0].lowercased()] = parts[1].trimmingCharacters(in: .whitespaces) }
    }
    self.fields = fields
    let body = Array(received[end.upperBound...])
    bytes = fields["transfer-encoding"] == "chunked" ? Answer.joined(body) : body
  }

  private static func joined(_ chunks: [UInt8]) -> [UInt8] {
    var (rest, joined) = (chunks[...], [UInt8]())
    while let end = rest.firstRange(of: [13, 10]),
      let size = Int(String(decoding: rest[..<end.lowerBound], as: UTF8.self), radix: 16), size > 0
    {
      joined += rest[end.upperBound...].prefix(size)
      rest = rest[end.upperBound...].dropFirst(size + 2)
    }
    return joined
  }
}

/// Asks a server over a connection of its own.
struct TestClient {
  let port: Int

  typealias Connection = NIOAsyncChannel<ByteBuffer, ByteBuffer>

  /// A connection to the server.
  func connect() async throws -> Connection {
    try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton).connect(host: "127.0.0.1", port: port) {
      channel in
      channel.eventLoop.makeCompletedFuture {
        try NIOAsyncChannel(
          wrappingChannelSynchronously: channel, configuration: .init(isOutboundHalfClosureEnabled: true))
      }
    }
  }

  /// Sends bytes, and returns all that comes until the server closes the connection.
  /// - Parameter shutsOff: whether the client then says that no more will come.
  func send(_ bytes: [UInt8], shutsOff: Bool = false) async throws -> [UInt8] {
    try await connect().executeThenClose { inbound, outbound in
      var received: [UInt8] = []
      do {
        try await outbound.write(ByteBuffer(bytes: bytes))
        if shutsOff { outbound.finish() }
        for try await buffer in inbound { received += buffer.readableBytesView }
      } catch is IOError {
        // Reset: what came before counts.
      } catch is ChannelError {
        // Closed before all was sent.
      }
      return received
    }
  }

  /// The bytes of a request.
  static func request(
    _ method: String, _ path: String, _ body: String? = nil, fields: [String: String] = [:], close: Bool = true
  ) -> [UInt8] {
    var all = ["Host": "localhost"]
    if close { all["Connection"] = "close" }
    if let body { all["Content-Length"] = "\(body.utf8.count)" }
    if body != nil { all["Content-Type"] = "application/json" }
    all.merge(fields) { _, given in given }
    let head = all.map { "\($0.key): \($0.value)\r\n" }.sorted().joined()
    return Array("\(method) \(path) HTTP/1.1\r\n\(head)\r\n\(body ?? "")".utf8)
  }

  /// Asks, and returns the answer.
  func callAsFunction(
    _ method: String, _ path: String, _ body: String? = nil, fields: [String: String] = [:]
  ) async throws -> Answer {
    let received = try await send(TestClient.request(method, path, body, fields: fields))
    guard let answer = Answer(received) else {
      throw NoAnswer(received: String(decoding: received.prefix(200), as: UTF8.self))
    }
    return answer
  }

  struct NoAnswer: Error {
    let received: String
  }
}
