import ArgumentParser
import CharLM
import CharLMFiles
import CharLMTraining
import TrainingWatch

/// How a run can be watched while it goes on, and afterwards.
struct WatchOptions: ParsableArguments {
  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("Write the course of the run, a JSON object a line; 'charlm plot' draws it.", valueName: "file"))
  var log: String?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("Write event files for TensorBoard, in a folder of this run in it.", valueName: "folder"))
  var tensorboard: String?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("Show at most so many samples as training goes, the last at its end.", valueName: "number"))
  var showSamples: Int?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("Write what came of the run as a page for a browser (HTML).", valueName: "file"))
  var report: String?

  func validate() throws {
    try Limits.check(showSamples, 1...100, "--show-samples")
    if tensorboard == "" { throw ValidationError("--tensorboard is empty; name a folder, or leave it out") }
  }

  /// The options that were given, as they are written.
  var given: [String] {
    given(
      ("--log", log != nil), ("--tensorboard", tensorboard != nil), ("--show-samples", showSamples != nil),
      ("--report", report != nil))
  }

  /// Makes sure that the files can be made, before anything else is: a report that cannot be written would be found out
  /// at the end.
  func check() throws {
    for (option, path) in [("--log", log), ("--report", report)] {
      guard let path else { continue }
      let folder = Files.folder(of: path)
      if Files.isFolder(path) { throw CommandFailure("\(option) \(path): is a folder", next: "name a file in it") }
      if !Files.isFolder(folder) {
        throw CommandFailure("\(option) \(path): there is no folder \(folder)", next: "make it")
      }
    }
    if let report { try Files.ensureWritableFolder(Files.folder(of: report)) }
    if let tensorboard { try Files.ensureWritableFolder(tensorboard) }
  }

  /// The observers that write files; `report` among them where one is wanted.
  func observers(_ run: TrainingRun, report: ReportRecorder?) throws -> [any RunObserver] {
    let log = try log.map { try RunLogWriter(path: $0, isAppending: run.record.steps > 0) }
    let tensorboard = try tensorboard.map { try TensorBoardWriter(run, in: $0) }
    return ([log, tensorboard, report] as [(any RunObserver)?]).compactMap(\.self)
  }
}
