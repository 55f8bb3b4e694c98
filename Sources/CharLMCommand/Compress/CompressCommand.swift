import ArgumentParser
import CharLM
import CharLMFiles
import RecurrentNN

/// `charlm compress`.
struct CompressCommand: ParsableCommand, FileWriting {
  static let configuration = CommandConfiguration(
    commandName: "compress",
    abstract: "Compress text as well as a model predicts it.",
    discussion: """
      Writes FILE.charlm, from which 'charlm decompress' restores the same bytes, on any CPU. Without --model, it \
      uses counts that learn from the text as they read it; no model is put in the file, since one would have to \
      save more than its own size. With --model, the same model is needed to decompress; for texts like those that \
      it was trained on, this saves more, and most with --mix. With --dictionary, counts read another text first, as \
      with zstd -D; this helps most where texts are short, or where it is the model's corpus. Files of --dynamic or \
      a --precision other than int8 are decompressed only where the arithmetic is the same.

      Any bytes are taken, text or not. The file itself stays (--rm removes it). As with xz: a file that exists is not \
      replaced without --force, nothing compressed goes to a terminal, and without a file, or with -, standard input \
      is compressed to standard output.

      Example:
        charlm compress corpora/english.txt
        charlm compress notes.txt --model models/english.safetensors --mix
        charlm compress letter.txt --dictionary letters-of-last-year.txt
        charlm compress notes.txt --rm
      """)

  @Argument(help: ArgumentHelp("The file to compress; - for standard input.", valueName: "file"))
  var file = "-"

  @Option(parsing: .unconditional, help: ArgumentHelp("A model of such texts (default: none).", valueName: "file"))
  var model: String?

  @Flag(help: "Mix the model's probabilities with those of counts that learn from the text.")
  var mix = false

  @Flag(help: "Let the model learn from every 32 characters after they were coded.")
  var dynamic = false

  @OptionGroup
  var dictionary: DictionaryOption

  @OptionGroup
  var target: CompressionTarget

  @Flag(
    name: .customLong("rm"), help: "Remove the file once its compressed form was decompressed and compared with it.")
  var removesSource = false

  @Flag(help: "Decompress what was written and compare it with the file.")
  var test = false

  @Option(
    help: ArgumentHelp(
      "The model's weights' number format (default: int8, decompressed on any CPU; with --dynamic float32).",
      valueName: "precision"))
  var precision: StreamPrecision?

  @OptionGroup
  var threads: ThreadOption

  @OptionGroup
  var output: OutputOptions

  func validate() throws {
    if model == nil, let option = mix ? "--mix" : dynamic ? "--dynamic" : nil {
      throw ValidationError("\(option) is for a model; give --model, or leave it out: counts alone learn anyway")
    }
    if dictionary.path != nil, model != nil, !mix {
      throw ValidationError("--dictionary is for counts; give --mix, too, or leave out --model")
    }
    try target.check(isStandardInput: file == "-", removesSource: removesSource, writesJSON: output.json)
    if removesSource || test, file == "-" || path == nil {
      let option = removesSource ? "--rm" : "--test"
      throw ValidationError("\(option) needs a file that is read and a file that is written; leave it out")
    }
  }

  /// Where the compressed text goes; nil for standard output.
  private var path: String? { target.path(of: file) { $0 + CompressionTarget.suffix } }

  var fileUses: FileUses {
    var uses = FileUses()
    uses.reads(file, as: "the file to compress")
    uses.reads(model, as: "the model")
    uses.reads(dictionary.path, as: "the dictionary")
    uses.writes(path, by: target.output == nil ? "the compressed file" : "--output", orStream: true)
    return uses
  }

  func run() throws {
    let start = Clock.seconds
    if removesSource, let known = dictionary.path, FilePlace(known) == FilePlace(file) {
      throw CommandFailure.usage(
        "--rm would remove the dictionary, \(known), which is needed to decompress", next: "leave out --rm")
    }
    try target.checkWritable(path)
    let input = try file == "-" ? SequentialInput.standardInput() : SequentialInput(file)
    var method = try method()
    method.dictionary = try dictionary.read(output.console)
    method.isInterrupted = { Interruption.isRequested }
    let compressor = TextCompressor(method, expectedByteCount: input.byteCount)
    let progress = ByteProgress("compressing", of: input.byteCount, output.console)
    defer { progress.finish() }
    var byteCount = 0
    try target.write(to: path, permissionsOf: file) { write in
      while true {
        let bytes = try input.read(upTo: 1 << 20)
        if bytes.isEmpty { break }
        let compressed = compressor.append(bytes)
        byteCount += compressed.count
        try write(compressed)
        try progress.note(compressor.byteCount)
      }
      let rest = compressor.finish()
      try progress.note(compressor.byteCount)
      byteCount += rest.count
      try write(rest)
    }
    progress.finish()
    let report = CompressionReport(
      file: file, output: path, header: compressor.header, bytesIn: compressor.byteCount, bytesOut: byteCount,
      textBytes: compressor.byteCount, seconds: Clock.seconds - start)
    if let path, removesSource || test { try verify(path, method.dictionary) }
    if removesSource { try Files.delete(file) }
    if output.json {
      try StandardOutput.print(json: report)
    } else {
      output.console.say(report.text(name: path ?? "standard output", verb: "compressed"))
    }
  }

  private func method() throws -> CompressionMethod {
    guard let model else {
      var method = CompressionMethod()
      method.threadCount = threads.count
      return method
    }
    let (found, language) = try ModelLookup.language(model)
    found.announce(output.console)
    var method = CompressionMethod(language, name: Files.withoutExtension(Files.name(of: found.path)))
    (method.usesCounts, method.isDynamic, method.precision) = (mix, dynamic, precision ?? (dynamic ? .float32 : .int8))
    method.threadCount = threads.count
    guard method.fitsVocabulary else {
      throw CommandFailure(
        "\(found.path): has a vocabulary of \(Quantity.count(language.tokenizer.vocabulary.count)) tokens, and at most "
          + "\(Quantity.count(CompressionMethod.largestVocabulary)) are compressed with a model alone",
        next: "add --mix, or leave --model out")
    }
    return method
  }

  /// Decompresses what was written, and compares it with the file.
  private func verify(_ path: String, _ dictionary: CompressionDictionary?) throws {
    let (compressed, original) = (try SequentialInput(path), try SequentialInput(file))
    let decompressor = try TextDecompressor(source: path) { count throws(FileError) in
      try compressed.read(upTo: count)
    }
    let language = try model.map { try ModelLookup.language($0).model }
    try decompressor.begin(with: language, dictionary: dictionary, threadCount: threads.count)
    let progress = ByteProgress("comparing", of: original.byteCount, output.console)
    defer { progress.finish() }
    while let text = try decompressor.next() {
      guard try original.read(upTo: text.count) == text else { throw different(path) }
      try progress.note(decompressor.textByteCount)
    }
    guard try original.read(upTo: 1).isEmpty else { throw different(path) }
  }

  private func different(_ path: String) -> CommandFailure {
    CommandFailure("\(path): does not decompress to \(file)", next: "was \(file) changed meanwhile? compress it again")
  }
}
