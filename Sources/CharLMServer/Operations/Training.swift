import CharLMFiles
import CharLMText
import CharLMTraining

extension Operation {
  /// Begins a run.
  static let startRun = Operation(
    method: .post, path: "/api/runs", name: "startRun",
    summary: "Train a model on one of the corpora, where the server allows it; one run trains at a time.",
    body: [
      Field(
        "name", .text(bytes: 100), "What the run and its model are called: letters, digits, - and _.", isRequired: true),
      Field("corpus", .text(bytes: 1000), "The name of the text.", isRequired: true),
    ] + TrainingFields.length + TrainingFields.settings.map(\.field) + TrainingFields.text,
    refusals: [.notFound, .conflict, .serviceUnavailable], answers: [("application/json", RunState.schema)],
    respond: { call in
      let (training, folder) = (try call.service.training, try call.service.runFolder)
      let name = try call.fields.runName()
      let text = TextSettings(
        unit: call.fields.text("unit").flatMap { TextUnit(rawValue: $0) } ?? .grapheme, encoding: "auto")
      let separator = call.fields.text("document_separator")
      if separator == "" { throw RequestError.wrong("document_separator", "is empty; leave it out") }
      let beginning = RunOrder.Beginning.corpus(
        path: try training.corpora.path(of: call.fields.text("corpus") ?? "", field: "corpus"), text,
        documentSeparator: separator, validation: call.fields.double("validation") ?? 0.1,
        try call.fields.requestedSettings())
      try await training.desk.begin(folder.order(name, beginning))
      return .json(RunState(name, in: folder, call.service).json)
    })

  /// Stops a run.
  static let stopRun = Operation(
    method: .post, path: "/api/runs/stop", name: "stopRun",
    summary: "Stop the run that trains, after its present step; it is saved, and can be resumed.",
    body: [Field("run", .text(bytes: 1000), "The run's name.", isRequired: true)],
    refusals: [.notFound, .conflict], answers: [("application/json", RunState.schema)],
    respond: { call in
      let (training, folder) = (try call.service.training, try call.service.runFolder)
      let name = call.fields.text("run") ?? ""
      try await training.desk.stop(name)
      return .json(RunState(name, in: folder, call.service).json)
    })

  /// Resumes a run.
  static let resumeRun = Operation(
    method: .post, path: "/api/runs/resume", name: "resumeRun",
    summary: "Go on with a run that was stopped, or, with another length, with one that has ended.",
    body: [Field("run", .text(bytes: 1000), "The run's name.", isRequired: true)] + TrainingFields.length,
    refusals: [.notFound, .conflict, .serviceUnavailable], answers: [("application/json", RunState.schema)],
    respond: { call in
      let (training, folder) = (try call.service.training, try call.service.runFolder)
      let name = call.fields.text("run") ?? ""
      guard try folder.runs.contains(where: { $0.name == name }) else {
        throw RequestError(status: .notFound, message: "there is no run '\(name.prefix(100))' here", field: "run")
      }
      guard RunState(name, in: folder, call.service).hasState else {
        throw RequestError(
          status: .conflict, message: "'\(name)' has no saved state in the folder of --runs to go on from",
          field: "run")
      }
      let beginning = RunOrder.Beginning.state(corpora: training.corpora, try call.fields.trainingLength())
      try await training.desk.begin(folder.order(name, beginning))
      return .json(RunState(name, in: folder, call.service).json)
    })

  /// Lists the texts that models can be trained on.
  static let corpora = Operation(
    method: .get, path: "/api/corpora", name: "corpora", summary: "List the texts that models can be trained on.",
    refusals: [.notFound], answers: [("application/json", Schema.object(["corpora": Schema.list(Schema.text)]))],
    respond: { call in
      let names = try call.service.training.corpora.names
      return .json(JSONText.object([("corpora", JSONText.list(names.map { JSONText.quoted($0) }))]))
    })
}

/// How a run of the folder stands.
struct RunState {
  let name: String
  let byteCount: Int
  let isTraining: Bool
  /// Whether there is a state from which it could go on.
  let hasState: Bool

  init(_ name: String, byteCount: Int? = nil, in folder: RunFolder, _ service: Service) {
    self.name = name
    self.byteCount = byteCount ?? (try? Files.size(folder.logPath(name))) ?? 0
    isTraining = service.presentRun == name
    hasState = Files.exists(TrainingRun.statePath(forModel: folder.modelPath(name)))
  }

  var json: String {
    JSONText.object([
      ("name", JSONText.quoted(name)), ("bytes", "\(byteCount)"), ("is_training", "\(isTraining)"),
      ("has_state", "\(hasState)"),
    ])
  }

  static let schema = Schema.object([
    "name": Schema.text, "bytes": Schema.integer, "is_training": Schema.flag, "has_state": Schema.flag,
  ])
}

extension RunFolder {
  fileprivate func order(_ name: String, _ beginning: RunOrder.Beginning) -> RunOrder {
    RunOrder(name: name, modelPath: modelPath(name), logPath: logPath(name), beginning: beginning)
  }
}

extension FieldValues {
  /// The name of a new run, from which the names of its files are made.
  fileprivate func runName() throws(RequestError) -> String {
    let name = text("name") ?? ""
    let isMade = name.unicodeScalars.allSatisfy { $0.properties.isIDContinue || $0 == "-" }
    guard !name.isEmpty, isMade, !name.hasPrefix("-") else {
      throw .wrong("name", "may have letters, digits, - and _ alone, and must not begin with -")
    }
    return name
  }
}
