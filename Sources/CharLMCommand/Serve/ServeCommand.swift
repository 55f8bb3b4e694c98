import ArgumentParser
import CharLM
import CharLMFiles
import CharLMServer
import RecurrentNN

/// `charlm serve`.
struct ServeCommand: ParsableCommand, DeclaredOptions {
  static let configuration = CommandConfiguration(
    commandName: "serve",
    abstract: "Play with models in the browser, and offer them to programs over HTTP.",
    discussion: """
      Prints the address of a page on which a model goes on with what you type, and shows what else could have come. \
      Programs ask at the same address: /openapi.json describes how, and OpenAI's clients work with its /v1. Only \
      this machine can ask, unless --host names an address that others reach. Control-C ends it.

      Example:
        charlm serve --open
        charlm serve --model models/tales.safetensors --model models/names.safetensors
        charlm serve --runs logs
        charlm serve --runs runs --allow-training --corpora texts
        charlm serve --host 0.0.0.0 --token "$SECRET"
      """)

  @Option(
    name: .customLong("model"), parsing: .unconditionalSingleValue,
    help: ArgumentHelp(
      "The model (default: the newest suitable one in models/); repeat it to offer several.", valueName: "file"))
  var models: [String] = []

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("The address to listen at; 0.0.0.0 for all of this machine's.", valueName: "address"))
  var host = "127.0.0.1"

  @Option(parsing: .unconditional, help: ArgumentHelp("The port; 0 for one that is free.", valueName: "number"))
  var port = 8080

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("What clients must show, as 'Authorization: Bearer TOKEN'.", valueName: "token"))
  var token: String?

  @Flag(help: "Open the page in the browser.")
  var open = false

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("Show the runs whose logs are in this folder (train --log).", valueName: "folder"))
  var runs: String?

  @Flag(help: "Let clients train models on the texts of --corpora, stop and resume runs; all goes to --runs.")
  var allowTraining = false

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("The folder with the texts that can be trained on.", valueName: "folder"))
  var corpora: String?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("How many texts are written at a time; others wait.", valueName: "number"))
  var streams = 256

  @Option(
    help: ArgumentHelp(
      "The weights' number format. (default: int8; bf16 on CPUs without int8 instructions)",
      valueName: "precision"))
  var precision: StreamPrecision?

  @OptionGroup
  var threads: ThreadOption

  @OptionGroup
  var quiet: QuietOption

  static let declarations: [Declaration<Self>] =
    [
      Declaration("--host", \.checkedHost, in: .notEmpty(a: "address")),
      Declaration("--port", withDefault: \.port, in: .from(0, to: 65535)),
      Declaration("--token", \.token, in: .notEmpty(a: "token")),
      Declaration("--open", flag: \.open),
      Declaration("--runs", \.runs),
      Declaration("--allow-training", flag: \.allowTraining),
      Declaration("--corpora", \.corpora),
      Declaration("--streams", withDefault: \.streams, in: .from(1, to: 65536)),
    ] + Declaration.group(\.threads) + Declaration.group(\.quiet)

  private var checkedHost: String? { host }

  func validate() throws {
    try checkRanges()
    if let token, !token.utf8.allSatisfy({ (0x21...0x7E).contains($0) }) {
      throw ValidationError("--token: it may have letters, digits and signs of ASCII, and no spaces")
    }
    if allowTraining, runs == nil || corpora == nil {
      let missing = corpora == nil ? "--corpora FOLDER, with the texts" : "--runs FOLDER, for the models and their logs"
      throw ValidationError("--allow-training needs \(missing); give it, too")
    }
    if corpora != nil, !allowTraining {
      throw ValidationError("--corpora has an effect with --allow-training only; give that, too, or leave it out")
    }
    guard token == nil, !ServerSettings.isLoopback(host) else { return }
    throw ValidationError(
      "--host \(host): others can reach this address, so a token is needed; give --token, such as "
        + "--token \"$(openssl rand -hex 16)\"")
  }

  func run() throws {
    try checkFolders()
    let fileLimit = ThisProcess.allowManyFiles()
    guard fileLimit >= 2 * ServeCommand.ownFileCount else {
      throw CommandFailure(
        "this process may have \(fileLimit) files open, and a server needs \(2 * ServeCommand.ownFileCount)",
        next: "raise the limit with 'ulimit -n 1024'")
    }
    let (found, served) = try readModels()
    let server = ModelServer(served, settings: settings(fileLimit: fileLimit))
    for found in found { found.announce(quiet.console) }
    let (console, token, open) = (quiet.console, token, open)
    try Awaited.run {
      try await server.run { address in
        // The token stands where browsers keep it to themselves.
        let page = address + "/" + (token.map { "#token=" + $0 } ?? "")
        console.say("listening at \(page) (Control-C ends it)")
        if open { Browser.open(page, console) }
      }
    }
  }

  private func checkFolders() throws {
    if allowTraining, let runs { try Files.ensureWritableFolder(runs) }
    if let runs, !Files.isFolder(runs) {
      throw CommandFailure(
        "--runs \(runs): there is no such folder", next: "name the folder of the logs of train --log")
    }
    if let corpora, !Files.isFolder(corpora) {
      throw CommandFailure("--corpora \(corpora): there is no such folder", next: "name a folder with texts")
    }
  }

  private func readModels() throws -> (found: [ModelLookup.Found], served: [ServedModel]) {
    let named: [String?] = models.isEmpty ? [nil] : models
    let all = try named.map { try ModelLookup.language($0) }
    let served = all.map { found, model in
      ServedModel(
        name: ServeCommand.name(of: found.path), model: model, fileBytes: found.fileBytes, isVerified: found.isVerified)
    }
    for (number, model) in served.enumerated() where served[..<number].contains(where: { $0.name == model.name }) {
      throw CommandFailure.usage("two models are called '\(model.name)'", next: "rename one of their files")
    }
    return (all.map(\.found), served)
  }

  /// What requests call the model at a path: the file's name without its extension.
  private static func name(of path: String) -> String {
    let name = path.split(separator: "/").last.map(String.init) ?? path
    return name.hasSuffix(".safetensors") ? String(name.dropLast(".safetensors".count)) : name
  }

  /// Files that are open besides connections.
  private static let ownFileCount = 64

  /// - Parameter fileLimit: how many files the process may have open.
  private func settings(fileLimit: Int) -> ServerSettings {
    var settings = ServerSettings()
    (settings.host, settings.port, settings.token, settings.runFolder) = (host, port, token, runs)
    if allowTraining, let corpora {
      settings.training = TrainingPermission(
        corpusFolder: corpora, program: "charlm \(Version.number)", peakMegabytes: { ThisProcess.peakMegabytes })
    }
    (settings.streamCount, settings.threadCount) = (streams, threads.count)
    settings.precision = precision ?? .fastest
    settings.connectionCount = min(settings.connectionCount, fileLimit - ServeCommand.ownFileCount)
    return settings
  }
}
