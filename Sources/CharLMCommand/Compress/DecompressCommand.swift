import ArgumentParser
import CharLM
import CharLMFiles

/// `charlm decompress`.
struct DecompressCommand: ParsableCommand, FileWriting {
  static let configuration = CommandConfiguration(
    commandName: "decompress",
    abstract: "Restore the text from a file that 'charlm compress' wrote.",
    discussion: """
      Writes FILE from FILE.charlm, which stays (--rm removes it). A file is written whole or not at all: damage, \
      a different model or arithmetic is an error that says where, and what is needed. Standard output gets one \
      checked block after another.

      The model that a file needs is looked for in models/ by its contents, whatever it is called now. A dictionary \
      has to be named with --dictionary.

      Example:
        charlm decompress english.txt.charlm
        charlm decompress notes.txt.charlm --model models/english.safetensors -c
        charlm decompress --test notes.txt.charlm
      """)

  @Argument(help: ArgumentHelp("The file to decompress; - for standard input.", valueName: "file"))
  var file = "-"

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("The model that it was compressed with (default: found in models/).", valueName: "file"))
  var model: String?

  @OptionGroup
  var dictionary: DictionaryOption

  @OptionGroup
  var target: CompressionTarget

  @Flag(name: .customLong("rm"), help: "Remove the file once it is decompressed.")
  var removesSource = false

  @Flag(help: "Write nothing: only check that it can be decompressed.")
  var test = false

  @OptionGroup
  var threads: ThreadOption

  @OptionGroup
  var output: OutputOptions

  func validate() throws {
    try target.check(isStandardInput: file == "-", removesSource: removesSource, writesJSON: output.json && !test)
    try Limits.exclude([
      ("--test", test), ("--output", target.output != nil), ("--stdout", target.writesStandardOutput),
    ])
    if removesSource, file == "-" || path == nil || test {
      throw ValidationError("--rm needs a file that is read and a file that is written; leave it out")
    }
    guard !test, path != nil, target.output == nil, !isNamedAsWritten else { return }
    throw ValidationError(
      "\(file) does not end in \(CompressionTarget.suffix), so that it is not clear what to write; give --output or -c")
  }

  private var isNamedAsWritten: Bool {
    file.hasSuffix(CompressionTarget.suffix) && Files.name(of: file) != CompressionTarget.suffix
  }

  /// Where the text goes; nil for standard output.
  private var path: String? { target.path(of: file) { String($0.dropLast(CompressionTarget.suffix.count)) } }

  var fileUses: FileUses {
    var uses = FileUses()
    uses.reads(file, as: "the file to decompress")
    uses.reads(model, as: "the model")
    uses.reads(dictionary.path, as: "the dictionary")
    if !test { uses.writes(path, by: target.output == nil ? "the decompressed file" : "--output", orStream: true) }
    return uses
  }

  func run() throws {
    let start = Clock.seconds
    if !test { try target.checkWritable(path, isText: true) }
    let input = try file == "-" ? SequentialInput.standardInput() : SequentialInput(file)
    let decompressor = try TextDecompressor(source: input.name) { count throws(FileError) in
      try input.read(upTo: count)
    }
    let needed = try neededModel(decompressor.header)
    if let path = dictionary.path, decompressor.header.dictionary == nil {
      throw CommandFailure("\(file): was compressed without a dictionary", next: "leave out --dictionary \(path)")
    }
    try decompressor.begin(
      with: needed, dictionary: dictionary.read(output.console), threadCount: threads.count)
    let progress = ByteProgress("decompressing", of: input.byteCount, output.console)
    defer { progress.finish() }
    func decompress(_ write: ([UInt8]) throws -> Void) throws {
      while let text = try decompressor.next() {
        try write(text)
        try progress.note(decompressor.offset)
      }
    }
    if test {
      try decompress { _ in }
    } else {
      try target.write(to: path, permissionsOf: file, decompress)
    }
    progress.finish()
    if removesSource { try Files.delete(file) }
    let report = CompressionReport(
      file: file, output: test ? nil : path, header: decompressor.header, bytesIn: decompressor.offset,
      bytesOut: decompressor.textByteCount, textBytes: decompressor.textByteCount, seconds: Clock.seconds - start)
    if output.json {
      try StandardOutput.print(json: report)
    } else {
      output.console.say(report.text(name: test ? file : path ?? "standard output", verb: test ? "sound" : "restored"))
    }
  }

  /// The model that a file needs; nil where it needs none, or none is found.
  private func neededModel(_ header: CompressedTextHeader) throws -> LanguageModel? {
    guard let needed = header.model else {
      if let model {
        throw CommandFailure("\(file): was compressed without a model", next: "leave out --model \(model)")
      }
      return nil
    }
    if let model { return try ModelLookup.language(model).model }
    guard let (path, found) = ModelLookup.language(identity: needed.identity, likelyName: needed.name) else {
      return nil
    }
    output.console.say("model: \(path)")
    return found
  }
}
