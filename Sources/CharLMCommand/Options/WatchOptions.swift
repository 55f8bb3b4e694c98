import ArgumentParser
import CharLMFiles

/// How a run can be watched while it trains, and afterwards.
struct WatchOptions: ParsableArguments, DeclaredOptions {
  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("Log the run as JSON Lines; 'charlm plot' draws it.", valueName: "file"))
  var log: String?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("Write event files for TensorBoard, in a subfolder for this run.", valueName: "folder"))
  var tensorboard: String?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("Show up to this many samples during training, the last at its end.", valueName: "number"))
  var showSamples: Int?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("Write a report of the run as an HTML page.", valueName: "file"))
  var report: String?

  static let declarations: [Declaration<Self>] = [
    Declaration("--log", \.log, excludedBy: [.findLearningRate], isRepeatedOnResume: true),
    Declaration(
      "--tensorboard", \.tensorboard, excludedBy: [.findLearningRate],
      isRepeatedOnResume: true),
    Declaration(
      "--show-samples", \.showSamples, in: .from(1, to: 100), excludedBy: [.findLearningRate, .pairs],
      isRepeatedOnResume: true),
    Declaration("--report", \.report, excludedBy: [.findLearningRate], isRepeatedOnResume: true),
  ]

  /// Makes sure that the files can be written before anything else is: a report that cannot be written would only fail
  /// at the end.
  func check() throws {
    for (option, path) in [("--log", log), ("--report", report)] {
      guard let path else { continue }
      let folder = Files.folder(of: path)
      if Files.isFolder(path) { throw CommandFailure("\(option) \(path): is a folder", next: "name a file in it") }
      if !Files.isFolder(folder) {
        throw CommandFailure("\(option) \(path): there is no folder \(folder)", next: "create it")
      }
    }
    if let report {
      try Files.ensureWritableFolder(Files.folder(of: report))
      try Files.checkReplaceable(report)
    }
    if let tensorboard { try Files.ensureWritableFolder(tensorboard) }
  }
}
