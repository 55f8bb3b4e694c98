import CharLM
import HummingbirdCore
import Logging
import NIOCore
import NIOPosix
import ServiceLifecycle
import UnixSignals

/// Offers models over HTTP: a page to play with them, and an interface for programs.
///
///     let server = ModelServer([ServedModel(name: "tales", model: model)])
///     try await server.run { address in print("listening on \(address)") }
public struct ModelServer: Sendable {
  private let service: Service
  private let settings: ServerSettings

  /// A server that does not listen yet.
  /// - Precondition: there is a model, names differ, an address that others can reach has a token, and where models may be
  ///   trained there is a folder for them.
  public init(_ models: [ServedModel], settings: ServerSettings = ServerSettings()) {
    precondition(settings.isLoopback || settings.token != nil, "a server that others can reach without a token")
    precondition(Set(models.map(\.name)).count == models.count, "models of the same name")
    precondition(settings.training == nil || settings.runFolder != nil, "training without a folder for its runs")
    self.settings = settings
    let shelf = ModelShelf(models) { model in
      WritingEngine(
        model, streamCount: settings.streamCount, waitingLimit: settings.waitingCount, precision: settings.precision,
        threadCount: settings.threadCount)
    }
    let trainer = settings.training.map { permission in
      Service.Trainer(
        desk: TrainingDesk(permission, shelf, threadCount: settings.threadCount),
        corpora: CorpusFolder(path: permission.corpusFolder))
    }
    let shaped = ShapedWriting(
      limit: settings.shapedCount, precision: settings.precision, threadCount: settings.threadCount)
    service = Service(
      shelf, ReadingDesk(limit: settings.readingCount), shaped,
      runs: settings.runFolder.map { RunFolder(path: $0) }, trainer: trainer,
      timeLimits: Service.TimeLimits(usual: settings.timeLimit, shaped: settings.shapedTimeLimit),
      readingThreadCount: settings.threadCount)
  }

  /// Listens, and answers until the process is asked to end (SIGINT, SIGTERM) or the task is cancelled. What is being
  /// written then has a few seconds to end. A run that trains is saved, however long that takes.
  /// - Parameter onReady: called with the address, such as `http://127.0.0.1:8080`, once requests are answered.
  /// - Throws: `ServerError` where the address cannot be listened at.
  public func run(onReady: @escaping @Sendable (String) -> Void = { _ in }) async throws(ServerError) {
    try await run(signals: [.sigterm, .sigint], onReady: onReady)
  }

  /// - Parameter signals: those that ask for an end.
  func run(signals: [UnixSignal], onReady: @escaping @Sendable (String) -> Void) async throws(ServerError) {
    let error = await listen(signals: signals, onReady: onReady)
    service.closeTraining()
    await service.trainingEnded()
    if let error { throw error }
  }

  private func listen(signals: [UnixSignal], onReady: @escaping @Sendable (String) -> Void) async -> ServerError? {
    let logger = Logger(label: "charlm") { _ in SwiftLogNoOpLogHandler() }
    let listener = Listener(
      service: service, settings: settings,
      server: server(logger) { channel in
        onReady(address(port: channel.localAddress?.port ?? settings.port))
      })
    var configuration = ServiceGroupConfiguration(
      services: [listener], gracefulShutdownSignals: signals, logger: logger)
    configuration.maximumGracefulShutdownDuration = settings.endLimit + .seconds(2)
    defer { service.stopWriting() }
    do {
      try await ServiceGroup(configuration: configuration).run()
    } catch let error as IOError {
      return ServerError(host: settings.host, port: settings.port, number: error.errnoCode)
    } catch is CancellationError {
      return nil
    } catch is ServiceGroupError {
      // Clients that did not read to the end.
      return nil
    } catch {
      return ServerError(host: settings.host, port: settings.port, reason: "\(error)")
    }
    return nil
  }

  private func server(
    _ logger: Logger, _ onRunning: @escaping @Sendable (any Channel) async -> Void
  ) -> any ServiceLifecycle.Service {
    let responder = Responder(service, settings)
    let channel = HTTP1Channel(
      responder: { request, writer, channel in try await responder.respond(request, writer, channel) },
      configuration: .init(
        additionalChannelHandlers: [DepartureHandler()], idleTimeout: .init(settings.idleLimit),
        httpDecoderConfiguration: .init(maxHeaderFieldSize: 16 << 10, maxHeaderListSize: 32 << 10)))
    return channel.server(
      configuration: .init(
        address: .hostname(settings.host, port: settings.port), backlog: 1024,
        availableConnectionsDelegate: MaximumAvailableConnections(settings.connectionCount, logger: logger)),
      onServerRunning: onRunning, eventLoopGroup: MultiThreadedEventLoopGroup.singleton, logger: logger)
  }

  private func address(port: Int) -> String {
    "http://\(settings.host.contains(":") ? "[\(settings.host)]" : settings.host):\(port)"
  }
}

/// The HTTP server as a service that ends what is being written when it is asked to end.
private struct Listener: ServiceLifecycle.Service {
  let service: Service
  let settings: ServerSettings
  let server: any ServiceLifecycle.Service

  func run() async throws {
    try await withGracefulShutdownHandler {
      try await server.run()
    } onGracefulShutdown: {
      service.closeTraining()
      Task {
        try? await Task.sleep(for: settings.endLimit)
        service.stopWriting()
      }
    }
  }
}
