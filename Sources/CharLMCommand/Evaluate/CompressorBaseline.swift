import CharLM
import CharLMData
import CharLMFiles
import CharLMText

/// A compressor that is installed here, as a baseline: how many more bytes it needs for the training text and a part
/// after it than for the training text alone.
enum CompressorBaseline: String, CaseIterable {
  case bzip2, xz, zstd, ppmd

  /// Its strongest usual settings, from standard input to standard output; `{}` is a file that it writes instead.
  private var commands: [[String]] {
    switch self {
    case .bzip2: [["bzip2", "-9", "-c"]]
    case .xz: [["xz", "-9e", "-T1", "-c", "-q"]]
    case .zstd: [["zstd", "--ultra", "-22", "--long=27", "-c", "-q"]]
    case .ppmd:
      ["7z", "7zz", "7za", "7zr"].map { [$0, "a", "-t7z", "-m0=PPMd:o=16:mem=256m", "-bso0", "-bsp0", "-si", "{}"] }
    }
  }

  /// So many bytes at the end of the training text are read at most: a minute's work for the slowest.
  static let longestTraining = 16 << 20

  /// The bytes that the part adds; nil where the program is not installed.
  /// - Parameters:
  ///   - training: a file with the text before the part; it may be empty.
  ///   - whole: a file with the same and the part.
  ///   - scratch: what the paths of files begin with that are made and removed.
  fileprivate func addedByteCount(training: String, whole: String, scratch: String) throws -> Int? {
    guard let command = commands.first(where: { ChildProcess.isInstalled($0[0]) }),
      let long = try size(of: whole, command, scratch)
    else { return nil }
    let short = try Files.size(training) == 0 ? 0 : size(of: training, command, scratch)
    return short.map { long - $0 }
  }

  /// The compressed size of a file; nil where the program failed.
  private func size(of path: String, _ command: [String], _ scratch: String) throws -> Int? {
    let output = scratch + ".\(rawValue)"
    defer { Files.remove(output) }
    let writesFile = command.contains("{}")
    let status = try ChildProcess.run(
      command[0], command.dropFirst().map { $0 == "{}" ? output : $0 }, input: path,
      output: writesFile ? "/dev/null" : output)
    return status == 0 ? try? Files.size(output) : nil
  }
}

extension CompressorBaseline {
  /// Bits per byte of all that are installed, by name.
  /// - Parameter training: what a model was trained on; nil where it is not at hand.
  static func bitsPerByte(
    of part: TokenText, after training: TokenText?, _ tokenizer: Tokenizer, separator: String?, _ console: Console
  ) throws -> [String: Double] {
    let installed = allCases.filter { baseline in baseline.commands.contains { ChildProcess.isInstalled($0[0]) } }
    guard !installed.isEmpty else { return [:] }
    let scratch = Files.join(Files.temporaryFolder, "charlm-baselines-\(UInt64.random(in: 0 ... .max))")
    let (trainingPath, wholePath) = (scratch + ".training", scratch + ".whole")
    defer { for path in [trainingPath, wholePath] { Files.remove(path) } }
    let before = try training.map { try bytes(of: $0, tokenizer, separator, limit: longestTraining) } ?? []
    let after = try bytes(of: part, tokenizer, separator, limit: .max)
    guard !after.isEmpty else { return [:] }
    try Files.writeAtomically(trainingPath) { writer throws(FileError) in try writer.write(before) }
    try Files.writeAtomically(wholePath) { writer throws(FileError) in
      try writer.write(before)
      try writer.write(after)
    }
    var result: [String: Double] = [:]
    for baseline in installed {
      console.say("compressing with \(baseline.rawValue)")
      let added = try baseline.addedByteCount(training: trainingPath, whole: wholePath, scratch: scratch)
      // Of a text too small to tell, compressors may need less than nothing more.
      if let added, added > 0 { result[baseline.rawValue] = 8 * Double(added) / Double(after.count) }
    }
    return result
  }

  /// The last bytes of a text.
  private static func bytes(
    of text: TokenText, _ tokenizer: Tokenizer, _ separator: String?, limit: Int
  ) throws -> [UInt8] {
    var bytes: [UInt8] = []
    // No token of an ordinary text is longer than a few bytes; what is too much is cut afterwards.
    let first = limit == .max ? 0 : max(0, text.count - limit)
    try text.forEachPiece(tokenizer, separator: separator, from: first) {
      bytes += $0
    }
    return bytes.count > limit ? Array(bytes.suffix(limit)) : bytes
  }
}
