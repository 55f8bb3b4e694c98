import ArgumentParser
import CharLM
import CharLMFiles
import CharLMText
import RecurrentNN

/// `charlm sample`.
struct SampleCommand: ParsableCommand, DeclaredOptions {
  static let configuration = CommandConfiguration(
    commandName: "sample",
    abstract: "Generate text with a trained model.",
    discussion: """
      Prints the seed text, then its continuation as it is generated. With --count, up to 64 samples are generated at \
      a time and printed when they are complete; each is the text that its random seed gives alone.

      A model that was trained on separate documents, such as names or poems, has learned where they end. There it \
      writes what separates them in its corpus and begins the next one. --documents asks for whole documents.

      With --model repeated, each token is drawn from the average of the models' probabilities.

      Example:
        charlm sample --seed Hello --length 300 --temperature 0.7
        charlm sample --model models/names.safetensors --documents 10
        charlm sample --model models/a.safetensors --model models/b.safetensors
      """)

  @OptionGroup
  var model: ModelsOption

  @Option(
    parsing: .unconditional, help: ArgumentHelp("The text to continue; \\n is a line break.", valueName: "text"),
    transform: EscapedText.unescaped)
  var seed: String?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("A file with the text to continue; - for standard input.", valueName: "file"))
  var seedFile: String?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "The number of tokens to generate (default: 500); with --documents, the most for each document (default: 20000).",
      valueName: "number"))
  var length: Int?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Generate this many whole documents, each beginning with the seed; for a model that was trained on documents.",
      valueName: "number"))
  var documents: Int?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Lower is more predictable, higher makes up more words; 0 always takes the most likely token.",
      valueName: "number"))
  var temperature = SamplingSettings.usualTemperature

  @Option(
    parsing: .unconditional, help: ArgumentHelp("Draw only from this many most likely tokens.", valueName: "number"))
  var topK: Int?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Draw only from the most likely tokens that together have this probability.", valueName: "probability"))
  var topP: Float?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Draw only from tokens at least this fraction as likely as the most likely.", valueName: "fraction"))
  var minP: Float?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("Make the last 64 tokens less likely; 1 has no effect.", valueName: "number"))
  var repeatPenalty: Float = 1

  @Option(
    parsing: .unconditional, help: ArgumentHelp("Stop before this text; \\n is a line break.", valueName: "text"),
    transform: EscapedText.unescaped)
  var stop: String?

  @Option(parsing: .unconditional, help: ArgumentHelp("The number of samples.", valueName: "number"))
  var count = 1

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("The seed of the random generator (default: random, and shown).", valueName: "number"))
  var randomSeed: UInt64?

  @Option(
    help: ArgumentHelp(
      "What to do with characters of the seed text that the model does not know.", valueName: "policy"))
  var onUnknown: Tokenizer.UnknownPolicy = .error

  @Option(
    help: ArgumentHelp(
      "The precision of the weights; bf16 is nearly twice as fast, with no visible loss of quality.",
      valueName: "precision"))
  var precision = Precision.bfloat16

  @OptionGroup
  var threads: ThreadOption

  @OptionGroup
  var output: OutputOptions

  static let declarations: [Declaration<Self>] = [
    Declaration("--length", \.length, in: .from(0, to: 1_000_000_000)),
    Declaration("--documents", \.documents, in: .from(1, to: 1_000_000_000)),
    Declaration("--temperature", withDefault: \.temperature, in: .from(0, to: 1000)),
    Declaration("--top-k", \.topK, in: .from(1, to: 10_000_000)),
    Declaration("--top-p", \.topP, in: .above(0, upTo: 1)),
    Declaration("--min-p", \.minP, in: .from(0, to: 1)),
    Declaration("--repeat-penalty", withDefault: \.repeatPenalty, in: .above(0, upTo: 1000)),
    Declaration("--stop", \.stop, in: .notEmpty(a: "text")),
    Declaration("--count", withDefault: \.count, in: .from(1, to: 1_000_000)),
  ]

  func validate() throws {
    try Limits.exclude([("--seed", seed != nil), ("--seed-file", seedFile != nil)])
    try checkRanges()
  }

  func run() throws {
    let (found, model) = try ModelLookup.ensemble(self.model.models)
    let seed = try encode(readSeed(), model)
    try checkDocuments(model, found.map(\.path))
    for found in found { found.announce(output.console) }
    let randomSeed = self.randomSeed ?? UInt64.random(in: 0..<1_000_000)
    if self.randomSeed == nil { output.console.say("random seed: \(randomSeed)") }
    let writer = SampleWriter(
      command: self, model: model, paths: found.map(\.path), seed: seed, randomSeed: randomSeed)
    if output.json {
      try writer.printJSON()
    } else if count == 1 {
      try writer.printStream()
    } else {
      try writer.printAll()
    }
  }

  var settings: SamplingSettings {
    SamplingSettings(temperature: temperature, topK: topK, topP: topP, minP: minP, repeatPenalty: repeatPenalty)
  }

  /// Tokens of a sample; of each document, where documents are asked for.
  var tokenLimit: Int { length ?? (documents == nil ? 500 : 20_000) }

  /// The text that ends a sample; empty for none.
  var stopText: String { stop ?? "" }

  private func checkDocuments(_ model: Ensemble, _ paths: [String]) throws {
    guard documents != nil, !model.knowsDocuments else { return }
    throw CommandFailure(
      "\(paths.joined(separator: " + ")) was not trained on separate documents, so it knows no end of one",
      next: "train it again with --document-separator '\\n' for lines, such as names, '\\n\\n' for texts between blank "
        + "lines, or on a file for each; or give --length and --count instead")
  }

  private func readSeed() throws -> String {
    guard let path = seedFile else { return seed ?? "" }
    let bytes = try path == "-" ? Files.readStandardInput() : Files.read(path)
    return try UTF8Input.text(bytes, path: path)
  }

  private func encode(_ text: String, _ model: Ensemble) throws -> SampleSeed {
    do throws(TextError) {
      return try SampleSeed(text, for: model, source: seedFile ?? "the seed text", onUnknown: onUnknown)
    } catch {
      throw CommandFailure(unknownIn: error)
    }
  }
}
