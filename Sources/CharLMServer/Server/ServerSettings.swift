import CharLM
import RecurrentNN

/// Where a server listens, who may ask it, and how much it does at a time.
public struct ServerSettings: Sendable {
  /// The address to listen at: a name or a number.
  public var host = "127.0.0.1"
  /// The port; 0 for one that is free.
  public var port = 8080
  /// What a client must show ("Authorization: Bearer …"); nil for nothing, which only a loopback address allows.
  public var token: String?
  /// A folder with the logs of runs, which the page shows; nil for none.
  public var runFolder: String?
  /// Whether clients may have models trained, which are then written to `runFolder`; nil for no.
  public var training: TrainingPermission?
  /// What a network's weights are kept in to write texts.
  public var precision = StreamPrecision.fastest
  /// How many threads a step of a model's texts may use.
  public var threadCount = 1
  /// How many texts of a model are written at a time.
  public var streamCount = 256
  /// How many more may wait.
  public var waitingCount = 1024
  /// How many requests may wait to have a text read, such as to score it.
  public var readingCount = 64
  /// How many requests for texts of a shape, such as those of a grammar, may wait.
  public var shapedCount = 64
  /// How many connections there may be.
  public var connectionCount = 4096
  /// The largest body of a request, in bytes.
  public var bodySize = 1 << 19
  /// How long an answer may take.
  public var timeLimit = Duration.seconds(300)
  /// How long an answer with texts of a shape may take, its turn included: one at a time is written.
  public var shapedTimeLimit = Duration.seconds(30)
  /// How long a request may take to arrive, and how long a connection may be idle.
  public var idleLimit = Duration.seconds(60)
  /// How long texts may go on after the server was asked to end.
  public var endLimit = Duration.seconds(3)

  /// The usual settings.
  public init() {}

  /// Whether an address can be reached from this machine alone.
  public static func isLoopback(_ host: String) -> Bool {
    host == "localhost" || host == "::1" || host.hasPrefix("127.") && host.allSatisfy { $0.isNumber || $0 == "." }
  }

  /// Whether only this machine reaches it.
  public var isLoopback: Bool { ServerSettings.isLoopback(host) }
}
