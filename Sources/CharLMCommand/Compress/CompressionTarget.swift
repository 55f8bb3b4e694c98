import ArgumentParser
import CharLMFiles

/// Where what was compressed or decompressed goes.
struct CompressionTarget: ParsableArguments {
  @Option(
    name: [.customLong("output"), .customShort("o")], parsing: .unconditional,
    help: ArgumentHelp("Write this file; - for standard output.", valueName: "file"))
  var output: String?

  @Flag(name: [.customLong("stdout"), .customShort("c")], help: "Write to standard output.")
  var writesStandardOutput = false

  @Flag(name: [.customLong("force"), .customShort("f")], help: "Replace a file that exists.")
  var force = false

  @Flag(name: [.customLong("keep"), .customShort("k")], help: "Keep the input file, which is the default.")
  var keeps = false

  /// What compressed files are called after the text that they hold.
  static let suffix = ".charlm"

  func check(isStandardInput: Bool, removesSource: Bool, writesJSON: Bool) throws {
    try Limits.exclude([("--output", output != nil), ("--stdout", writesStandardOutput)])
    try Limits.exclude([("--keep", keeps), ("--rm", removesSource)])
    if writesJSON, output == "-" || writesStandardOutput || (isStandardInput && output == nil) {
      throw ValidationError("--json and what is written would both go to standard output; give --output FILE")
    }
  }

  /// The path to write; nil for standard output.
  func path(of file: String, _ usual: (String) -> String) -> String? {
    if writesStandardOutput || output == "-" { return nil }
    return output ?? (file == "-" ? nil : usual(file))
  }

  /// Refuses what is not to be written over, before any work.
  func checkWritable(_ path: String?, isText: Bool = false) throws {
    guard let path else {
      if StandardOutput.isTerminal, !isText {
        throw CommandFailure("compressed text is not for a terminal", next: "give --output FILE, or a pipe")
      }
      return
    }
    if Files.isTaken(path), !force {
      throw CommandFailure("\(path): exists", next: "give --force to replace it, or --output FILE")
    }
    try FileUses.checkWritable(path)
  }

  /// Writes what `body` gives, to a file wholly or not at all.
  func write(
    to path: String?, permissionsOf source: String, _ body: (([UInt8]) throws -> Void) throws -> Void
  ) throws {
    guard let path else { return try body { try Files.writeStandardOutput($0) } }
    let target = Files.resolved(path)
    var writer = try FileWriter(in: Files.folder(of: target), for: path)
    let temporary = writer.temporaryPath
    do {
      if source != "-" { writer.copyPermissions(of: source) }
      try body { try writer.write($0) }
      try writer.finish(renamedTo: target)
    } catch {
      Files.remove(temporary)
      throw error
    }
  }
}
