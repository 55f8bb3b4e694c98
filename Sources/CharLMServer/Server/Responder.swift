import HTTPTypes
import HummingbirdCore
import NIOCore

/// Answers requests: checks who asks, reads the body, finds the operation, and writes what it gives.
struct Responder: Sendable {
  let service: Service
  let settings: ServerSettings
  private let requestGuard: RequestGuard

  init(_ service: Service, _ settings: ServerSettings) {
    (self.service, self.settings) = (service, settings)
    requestGuard = RequestGuard(settings)
  }

  /// Answers a request.
  /// - Throws: what ends the connection: the client has left, or its body is not to be read.
  func respond(_ request: Request, _ writer: consuming ResponseWriter, _ channel: any Channel) async throws {
    let start = ContinuousClock.now
    service.metrics.began()
    let path = request.uri.path
    let operations = Operation.all.filter { $0.path == path }
    let isPage = operations.isEmpty && Pages.reply(path) != nil
    let client = Client()
    var status = HTTPResponse.Status.internalServerError
    defer {
      let seconds = (ContinuousClock.now - start) / .seconds(1)
      service.metrics.ended(operations.isEmpty ? isPage ? "page" : "other" : path, status, after: seconds)
    }
    var isBodyRead = false
    let reply: Reply
    do {
      reply = try await self.reply(to: request, operations, client, channel, &isBodyRead)
    } catch let error as RequestError {
      reply = error.reply
    } catch is CancellationError {
      // The client has left: nobody reads an answer.
      status = .init(code: 499, reasonPhrase: "Client Closed Request")
      throw CancellationError()
    } catch {
      // What fails while a body is read is malformed HTTP, or a client that has left.
      let hasBody = operations.contains { $0.method == request.method && $0.body != nil }
      guard channel.isActive, isBodyRead || !hasBody else { throw error }
      reply = RequestError(status: .internalServerError, message: "the server failed: \(error)").reply
    }
    status = reply.status
    try await write(reply, request.method == .head, writer, channel)
    // What is left of a body that was refused is read to its end, but not if there is too much of it.
    if !isBodyRead, Responder.length(of: request).map({ $0 > drainedSize }) ?? true { throw CancellationError() }
  }

  private func reply(
    to request: Request, _ operations: [Operation], _ client: Client, _ channel: any Channel, _ isBodyRead: inout Bool
  ) async throws -> Reply {
    let method = request.method == .head ? .get : request.method
    let operation = operations.first { $0.method == method }
    let page = Pages.reply(request.uri.path)
    try requestGuard.check(request.head, needsToken: !(page != nil || operation?.isOpen == true))
    if method == .get, let page { return page }
    guard let operation else {
      let path = request.uri.path.prefix(100)
      if operations.isEmpty, page == nil {
        throw RequestError(status: .notFound, message: "there is nothing at \(path); see /openapi.json")
      }
      let allowed = page == nil ? operations.map(\.method.rawValue) : ["GET"]
      var reply = RequestError(
        status: .methodNotAllowed, message: "\(path) takes \(allowed.joined(separator: " and ")) only"
      ).reply
      reply.headers[.allow] = allowed.joined(separator: ", ")
      return reply
    }
    let fields: FieldValues
    if let declared = operation.body {
      let bytes = try await body(of: request, channel, &isBodyRead)
      fields = try FieldValues(body: bytes, declared)
    } else {
      fields = try FieldValues(query: request.uri.query, operation.parameters)
    }
    guard operation.body != nil else {
      return try await operation.respond(Call(fields: fields, service: service, client: client))
    }
    // A client that leaves is noticed, and one that never reads is left.
    try await channel.triggerUserOutboundEvent(DepartureHandler.Answer.begins(client)).get()
    return try await operation.respond(Call(fields: fields, service: service, client: client))
  }

  /// - Throws: `RequestError` for one that is too large, too slow or of a wrong type.
  private func body(
    of request: Request, _ channel: any Channel, _ isBodyRead: inout Bool
  ) async throws -> [UInt8] {
    let type = request.headers[.contentType]?.lowercased() ?? "application/json"
    guard type.hasPrefix("application/json") else {
      throw RequestError(
        status: .unsupportedMediaType, message: "the body is \(type.prefix(100)); it must be application/json")
    }
    let tooLarge = RequestError(
      status: .contentTooLarge, message: "the body is larger than \(settings.bodySize) bytes")
    if let length = Responder.length(of: request), length > settings.bodySize { throw tooLarge }
    let timer = channel.eventLoop.scheduleTask(in: .init(settings.idleLimit)) { channel.close(promise: nil) }
    defer { timer.cancel() }
    var bytes: [UInt8] = []
    var count = 0
    for try await buffer in request.body {
      count += buffer.readableBytes
      // Somewhat more is read, or the client would not hear the answer for having its connection reset.
      guard count <= drainedSize else { throw tooLarge }
      if count <= settings.bodySize { bytes += buffer.readableBytesView }
    }
    isBodyRead = true
    guard count <= settings.bodySize else { throw tooLarge }
    return bytes
  }

  /// So much of a body is read to its end, although it is refused.
  private var drainedSize: Int { 16 * settings.bodySize }

  /// How many bytes a request's body has; nil where it does not say.
  private static func length(of request: Request) -> Int? {
    if let length = request.headers[.contentLength] { return Int(length) }
    return request.headers[.transferEncoding] == nil ? 0 : nil
  }

  private func write(
    _ reply: Reply, _ isHead: Bool, _ writer: consuming ResponseWriter, _ channel: any Channel
  ) async throws {
    // A client that does not read would hold its answer for ever.
    let limit = settings.timeLimit + .seconds(10)
    let timer = channel.eventLoop.scheduleTask(in: .init(limit)) { channel.close(promise: nil) }
    defer {
      timer.cancel()
      channel.triggerUserOutboundEvent(DepartureHandler.Answer.ends, promise: nil)
    }
    var head = HTTPResponse(status: reply.status, headerFields: SecurityHeaders.fields)
    for field in reply.headers { head.headerFields.append(field) }
    switch reply.body {
    case .bytes(let bytes):
      head.headerFields[.contentLength] = "\(bytes.count)"
      if isHead { return try await writer.writeResponse(head) }
      try await writer.write(response: head, body: ResponseBody(byteBuffer: ByteBuffer(bytes: bytes)))
    case .pieces(let write):
      var body = try await writer.writeHead(head)
      try await write { piece in try await body.write(ByteBuffer(string: piece)) }
      try await body.finish(nil)
    }
  }
}
