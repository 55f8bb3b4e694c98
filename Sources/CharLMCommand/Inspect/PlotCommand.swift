import ArgumentParser
import CharLMFiles
import TrainingWatch

/// `charlm plot`.
struct PlotCommand: ParsableCommand, FileWriting {
  static let configuration = CommandConfiguration(
    commandName: "plot",
    abstract: "Plot training runs from their logs.",
    discussion: """
      Plots losses, learning rate and gradient norms of one run, or of several together, as SVG or PNG. The logs are \
      those of 'charlm train --log'; a run can be plotted while it is still training.

      Example:
        charlm plot runs/english.jsonl
        charlm plot runs/small.jsonl runs/large.jsonl --x seconds --output sizes.svg
      """)

  @Argument(help: ArgumentHelp("Logs of training runs.", valueName: "log"))
  var logs: [String]

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Where to write the plot, .svg or .png; - for SVG on standard output (default: SVG beside the first log).",
      valueName: "file"))
  var output: String?

  @Option(help: "The horizontal axis.")
  var x: RunPlot.Horizontal = .steps

  @OptionGroup
  var quiet: QuietOption

  func validate() throws {
    guard let output, output != "-" else { return }
    guard PictureFile(output) != nil else {
      throw ValidationError("--output \(output): plots are SVG or PNG; name a file that ends in .svg or .png")
    }
  }

  var fileUses: FileUses {
    var uses = FileUses()
    for log in logs { uses.reads(log, as: "one of the logs") }
    uses.writes(path, by: output == nil ? "the picture" : "--output", orStream: true)
    return uses
  }

  /// Where the plot is written.
  private var path: String { output ?? PlotCommand.defaultOutput(logs[0]) }

  func run() throws {
    let runs = try zip(names, logs).map { name, path in
      let log = try RunLog(path: path)
      warn(log, path)
      return (name: name, points: log.points)
    }
    let plot = RunPlot(runs.count > 3 ? "\(runs.count) runs" : names.joined(separator: ", "), runs: runs, over: x)
    if plot.isEmpty { throw CommandFailure("the logs have no \(x.rawValue)", next: "choose another --x") }
    guard output != "-", let picture = PictureFile(path) else {
      return try StandardOutput.print(result: plot.svg())
    }
    try picture.write(svg: plot.svg())
    quiet.console.say("picture: \(path)")
  }

  /// The files' names without their endings; the paths where two would be the same.
  private var names: [String] {
    let stems = logs.map { Files.withoutExtension($0).split(separator: "/").last.map(String.init) ?? $0 }
    return Set(stems).count == stems.count ? stems : logs
  }

  private func warn(_ log: RunLog, _ path: String) {
    guard let first = log.brokenLines.first else { return }
    let count = log.brokenLines.count
    let what = count == 1 ? "line \(first) cannot be read" : "\(count) lines cannot be read, the first is line \(first)"
    quiet.console.say("warning: \(path): \(what); skipped")
  }

  /// "runs/a.svg" for "runs/a.jsonl".
  static func defaultOutput(_ log: String) -> String {
    let stem = Files.withoutExtension(log)
    return (stem + ".svg" == log ? log : stem) + ".svg"
  }
}

extension RunPlot.Horizontal: ExpressibleByArgument {}
