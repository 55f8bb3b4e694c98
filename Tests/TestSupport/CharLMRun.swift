import Foundation

/// The built program, run in a folder of its own.
package struct CharLMRun {
  package let status: Int32
  package let output: String
  package let errors: String

  /// The lines on standard error.
  package var errorLines: [String] { errors.split(separator: "\n").map(String.init) }

  /// Standard output as a JSON object.
  package func json() throws -> [String: Any] {
    let object = try JSONSerialization.jsonObject(with: Data(output.utf8))
    return try Failure.unwrap(object as? [String: Any], "no JSON object: \(output)")
  }

  /// The program that CHARLM_PROGRAM names, such as a release build, which is many times faster; else that beside the
  /// test bundle.
  package static let program =
    ProcessInfo.processInfo.environment["CHARLM_PROGRAM"].map { URL(fileURLWithPath: $0).path }
    ?? URL(fileURLWithPath: Bundle.main.executablePath ?? CommandLine.arguments[0])
    .resolvingSymlinksInPath().deletingLastPathComponent().appendingPathComponent("charlm").path
}

/// What a test cannot go on from.
package struct Failure: Error, CustomStringConvertible {
  package let description: String

  package init(description: String) { self.description = description }

  package static func unwrap<Value>(_ value: Value?, _ message: @autoclosure () -> String) throws -> Value {
    guard let value else { throw Failure(description: message()) }
    return value
  }
}

/// A run that has begun.
package final class StartedRun {
  private let process = Process()
  private let outputPath: String
  private let errorPath: String

  fileprivate init(_ arguments: [String], in folder: String, input: String?, shell: String? = nil) throws {
    let scratch = NSTemporaryDirectory() + "charlm-run-" + UUID().uuidString
    (outputPath, errorPath) = (scratch + ".out", scratch + ".err")
    for path in [outputPath, errorPath] { try Data().write(to: URL(fileURLWithPath: path)) }
    process.executableURL = URL(fileURLWithPath: shell == nil ? CharLMRun.program : "/bin/sh")
    process.arguments = (shell.map { ["-c", $0 + "; exec \"$0\" \"$@\"", CharLMRun.program] } ?? []) + arguments
    process.currentDirectoryURL = URL(fileURLWithPath: folder)
    process.standardOutput = FileHandle(forWritingAtPath: outputPath)
    process.standardError = FileHandle(forWritingAtPath: errorPath)
    if let input {
      let path = scratch + ".in"
      try Data(input.utf8).write(to: URL(fileURLWithPath: path))
      process.standardInput = FileHandle(forReadingAtPath: path)
      try FileManager.default.removeItem(atPath: path)
    } else {
      process.standardInput = FileHandle.nullDevice
    }
    try process.run()
  }

  deinit { for path in [outputPath, errorPath] { try? FileManager.default.removeItem(atPath: path) } }

  /// Sends SIGINT.
  package func interrupt() { process.interrupt() }

  /// Sends a signal.
  package func send(_ signal: Int32) { Foundation.kill(process.processIdentifier, signal) }

  /// The number of the process.
  package var number: Int32 { process.processIdentifier }

  /// What was written to standard error so far.
  package var errorsSoFar: String { (try? String(contentsOfFile: errorPath, encoding: .utf8)) ?? "" }

  /// Waits until standard error has a text, for at most a minute.
  package func wait(for text: String) {
    for _ in 0..<6000 where isRunning && !errorsSoFar.contains(text) { usleep(10_000) }
  }

  /// Ends the process at once, as a crash or a power failure does.
  package func kill() {
    Foundation.kill(process.processIdentifier, SIGKILL)
    process.waitUntilExit()
  }

  package var isRunning: Bool { process.isRunning }

  /// Waits for the end; a run that has not ended after five minutes is killed, so that a test fails and does not hang.
  package func finish() throws -> CharLMRun {
    for _ in 0..<30_000 where process.isRunning { usleep(10_000) }
    if process.isRunning { Foundation.kill(process.processIdentifier, SIGKILL) }
    process.waitUntilExit()
    return CharLMRun(
      status: process.terminationStatus, output: try String(contentsOfFile: outputPath, encoding: .utf8),
      errors: try String(contentsOfFile: errorPath, encoding: .utf8))
  }
}

/// A folder of a test's own, in which the program runs; removed with everything in it at the end of its life.
package final class WorkFolder {
  private let scratch: ScratchFolder

  package init() throws { scratch = try ScratchFolder() }

  package var path: String { scratch.path }

  /// A folder with a corpus of 1,500 words, corpus.txt, and a small model of it.
  package static func trained(steps: Int = 40) throws -> WorkFolder {
    let folder = try WorkFolder()
    try folder.file("corpus.txt", TestCorpus.words(1500))
    let run = try folder.charlm(
      ["train", "corpus.txt", "--steps", "\(steps)", "--quiet"] + TestCorpus.smallSettings)
    guard run.status == 0 else { throw Failure(description: run.errors) }
    return folder
  }

  /// The path of `name` in the folder.
  package func callAsFunction(_ name: String) -> String { scratch(name) }

  /// Makes a file.
  package func file(_ name: String, _ text: String) throws { try file(name, Array(text.utf8)) }

  /// Makes a file.
  package func file(_ name: String, _ bytes: [UInt8]) throws {
    try Data(bytes).write(to: URL(fileURLWithPath: self(name)))
  }

  /// A file's bytes.
  package func bytes(_ name: String) throws -> [UInt8] { Array(try Data(contentsOf: URL(fileURLWithPath: self(name)))) }

  /// Everything in the folder, below it too, with sizes: what a failed command must leave as it was.
  package var contents: [String] {
    (FileManager.default.enumerator(atPath: path)?.allObjects as? [String] ?? []).map { name in
      let size = try? FileManager.default.attributesOfItem(atPath: self(name))[.size] as? Int
      return "\(name) \(size ?? 0)"
    }.sorted()
  }

  /// Runs the program here.
  package func charlm(_ arguments: String..., input: String? = nil) throws -> CharLMRun {
    try charlm(arguments, input: input)
  }

  /// Runs the program here.
  package func charlm(_ arguments: [String], input: String? = nil) throws -> CharLMRun {
    try start(arguments, input: input).finish()
  }

  /// Begins to run the program here.
  /// - Parameter shell: what a shell does before it becomes the program, such as `ulimit -f 10`.
  package func start(_ arguments: [String], input: String? = nil, after shell: String? = nil) throws -> StartedRun {
    try StartedRun(arguments, in: path, input: input, shell: shell)
  }
}
