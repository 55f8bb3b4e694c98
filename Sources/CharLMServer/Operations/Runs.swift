import CharLMFiles
import TrainingWatch

extension Operation {
  /// Lists the runs of the folder.
  static let runs = Operation(
    method: .get, path: "/api/runs", name: "runs", summary: "List the runs whose logs are in the folder of --runs.",
    refusals: [.notFound],
    answers: [
      (
        "application/json",
        Schema.object(["runs": Schema.list(RunState.schema)])
      )
    ],
    respond: { call in
      let folder = try call.service.runFolder
      let runs = try folder.runs.map { RunState($0.name, byteCount: $0.byteCount, in: folder, call.service).json }
      return .json(JSONText.object([("runs", JSONText.list(runs))]))
    })

  /// Says what a run's log has.
  static let run = Operation(
    method: .post, path: "/api/runs/read", name: "run",
    summary: "Say how a run was set, where it stands, what it wrote last, and how it ended.",
    body: [Field("run", .text(bytes: 1000), "The run's name.", isRequired: true)],
    refusals: [.notFound, .tooManyRequests],
    answers: [
      (
        "application/json",
        Schema.object([
          "name": Schema.text, "start": Schema.orNull(["type": "object"]), "last": Schema.orNull(["type": "object"]),
          "samples": Schema.list(["type": "object"]), "end": Schema.orNull(["type": "object"]),
          "broken_lines": Schema.integer,
        ])
      )
    ],
    respond: { call in
      let (folder, name) = (try call.service.runFolder, call.fields.text("run") ?? "")
      return try await call.service.desk.run(for: call.client) {
        let bytes = try folder.log(of: name, field: "run")
        let log = try? RunLog(bytes, source: name)
        let events = RunEvents(bytes)
        return .json(
          JSONText.object([
            ("name", JSONText.quoted(name)), ("start", (events.start ?? .null).json),
            ("last", log?.points.last.map { SnakeCaseJSON.text($0) } ?? "null"),
            ("samples", JSONText.list(events.samples.map(\.json))), ("end", (events.end ?? .null).json),
            ("broken_lines", "\(log?.brokenLines.count ?? 0)"),
          ]))
      }
    })

  /// Draws runs.
  static let plot = Operation(
    method: .post, path: "/api/runs/plot", name: "plot", summary: "Draw the curves of runs in one picture.",
    body: [
      Field("runs", .list(.text(bytes: 1000), most: 8), "Their names.", isRequired: true),
      Field(
        "over", .choice(RunPlot.Horizontal.allCases.map(\.rawValue)), "The horizontal axis.", standard: "steps"),
      Field("narrow", .flag, "Draw for a narrow window.", standard: false),
    ],
    refusals: [.notFound, .tooManyRequests], answers: [("image/svg+xml", Schema.text)],
    respond: { call in
      let (folder, names) = (try call.service.runFolder, call.fields.texts("runs"))
      let horizontal = call.fields.text("over").flatMap { RunPlot.Horizontal(rawValue: $0) } ?? .steps
      let isNarrow = call.fields.flag("narrow")
      return try await call.service.desk.run(for: call.client) {
        let runs = try names.map { name in
          let bytes = try folder.log(of: name, field: "runs")
          // A log that has no figures yet is none the less one.
          let log = try? RunLog(bytes, source: name)
          return (name: name, points: log?.points ?? [])
        }
        let plot = RunPlot("", runs: runs, over: horizontal)
        if plot.isEmpty { throw RequestError.wrong("runs", "have no figures yet") }
        return .text(Array(plot.svg(width: isNarrow ? .narrow : .wide).utf8), type: "image/svg+xml")
      }
    })
}
