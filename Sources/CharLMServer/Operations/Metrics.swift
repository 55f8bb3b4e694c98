import HTTPTypes
import Synchronization

/// What was done so far, in the text format of Prometheus.
final class Metrics: Sendable {
  private struct Times {
    /// By the index of `bounds`, and beyond them.
    var counts = [Int](repeating: 0, count: Metrics.bounds.count + 1)
    var sum = 0.0
  }

  private struct State {
    /// By path and status.
    var requests: [String: [Int: Int]] = [:]
    var times: [String: Times] = [:]
    var scoredTokens = 0
    var openRequests = 0
  }

  private let state = Mutex(State())
  /// In seconds.
  private static let bounds = [0.005, 0.025, 0.1, 0.5, 2.5, 10, 60]

  /// A request has come.
  func began() { state.withLock { $0.openRequests += 1 } }

  /// A request was answered.
  /// - Parameter path: that of an operation, or one for all others, so that clients cannot make the list long.
  func ended(_ path: String, _ status: HTTPResponse.Status, after seconds: Double) {
    state.withLock { state in
      state.openRequests -= 1
      state.requests[path, default: [:]][status.code, default: 0] += 1
      let bucket = Metrics.bounds.firstIndex { seconds <= $0 } ?? Metrics.bounds.count
      state.times[path, default: Times()].counts[bucket] += 1
      state.times[path, default: Times()].sum += seconds
    }
  }

  /// Tokens were scored.
  func scored(tokens: Int) { state.withLock { $0.scoredTokens += tokens } }

  /// All figures.
  func text(of service: Service) -> String {
    let state = state.withLock { $0 }
    var text = MetricsText()
    text.begin("charlm_requests_total", "counter", "Requests answered.")
    for (path, statuses) in state.requests.sorted(by: { $0.key < $1.key }) {
      for (status, count) in statuses.sorted(by: { $0.key < $1.key }) {
        text.add(["path": path, "status": "\(status)"], count)
      }
    }
    text.begin("charlm_open_requests", "gauge", "Requests that are being answered.")
    text.add([:], state.openRequests)
    text.begin("charlm_request_seconds", "histogram", "The time that answers took, to their ends.")
    for (path, times) in state.times.sorted(by: { $0.key < $1.key }) { text.add(path, times.counts, times.sum) }
    text.begin("charlm_written_tokens_total", "counter", "Tokens written.")
    let counts = service.models.map { ($0.name, $0.engine.counts) }
    for (name, counts) in counts { text.add(["model": name], counts.tokens) }
    text.begin("charlm_texts", "gauge", "Texts being written, waiting for their turn, and paused for slow readers.")
    for (name, counts) in counts {
      text.add(["model": name, "state": "active"], counts.active)
      text.add(["model": name, "state": "waiting"], counts.waiting)
      text.add(["model": name, "state": "paused"], counts.paused)
    }
    text.begin("charlm_scored_tokens_total", "counter", "Tokens scored.")
    text.add([:], state.scoredTokens)
    text.begin("charlm_reading_requests", "gauge", "Requests whose texts are read, or wait for it.")
    text.add([:], service.desk.waitingCount)
    return text.text
  }

  fileprivate static func bound(_ number: Int) -> String { number < bounds.count ? "\(bounds[number])" : "+Inf" }
}

/// Lines of Prometheus' text format.
private struct MetricsText {
  private(set) var text = ""
  private var name = ""

  mutating func begin(_ name: String, _ type: String, _ help: String) {
    self.name = name
    text += "# HELP \(name) \(help)\n# TYPE \(name) \(type)\n"
  }

  mutating func add(_ labels: KeyValuePairs<String, String>, _ value: some Numeric, suffix: String = "") {
    let list = labels.map { "\($0.key)=\(JSONText.quoted($0.value))" }.joined(separator: ",")
    text += name + suffix + (list.isEmpty ? "" : "{\(list)}") + " \(value)\n"
  }

  /// A histogram.
  mutating func add(_ path: String, _ counts: [Int], _ sum: Double) {
    var total = 0
    for (number, count) in counts.enumerated() {
      total += count
      add(["path": path, "le": Metrics.bound(number)], total, suffix: "_bucket")
    }
    add(["path": path], sum, suffix: "_sum")
    add(["path": path], total, suffix: "_count")
  }
}

extension Operation {
  /// Gives figures.
  static let metrics = Operation(
    method: .get, path: "/metrics", name: "metrics", summary: "Give figures in the text format of Prometheus.",
    answers: [("text/plain", Schema.text)],
    respond: { call in
      .text(Array(call.service.metrics.text(of: call.service).utf8), type: "text/plain; version=0.0.4; charset=utf-8")
    })

  /// Says that the server is there.
  static let health = Operation(
    method: .get, path: "/health", name: "health", summary: "Say that the server is there.", isOpen: true,
    answers: [("application/json", Schema.object(["status": Schema.text]))],
    respond: { _ in .json("{\"status\":\"ok\"}") })
}
