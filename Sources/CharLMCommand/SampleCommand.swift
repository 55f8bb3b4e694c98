import ArgumentParser
import CharLM
import CharLMFiles
import CharLMText
import RecurrentNN

/// `charlm sample`.
struct SampleCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "sample",
    abstract: "Write text like the one that a model was trained on.",
    discussion: """
      The seed text is printed first, then what the model goes on with, as it is made. Several samples are made side \
      by side, up to 64 at a time, and printed when they are whole; each is the text that its random seed gives alone.

      With --model several times each token is drawn from the mean of the models' probabilities.

      Example:
        charlm sample --seed Hello --length 300 --temperature 0.7
        charlm sample --model models/a.safetensors --model models/b.safetensors
      """)

  @OptionGroup
  var model: ModelsOption

  @Option(parsing: .unconditional, help: ArgumentHelp("The text to go on from.", valueName: "text"))
  var seed: String?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("A file with the text to go on from; - for standard input.", valueName: "file"))
  var seedFile: String?

  @Option(parsing: .unconditional, help: ArgumentHelp("Tokens to write.", valueName: "number"))
  var length = 500

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("Below 1 the likely becomes likelier; 0 takes the likeliest.", valueName: "number"))
  var temperature: Float = 0.8

  @Option(parsing: .unconditional, help: ArgumentHelp("Draw from this many likeliest tokens.", valueName: "number"))
  var topK: Int?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("Draw from the likeliest that together have this probability.", valueName: "probability"))
  var topP: Float?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("Draw from those at least this part as likely as the likeliest.", valueName: "part"))
  var minP: Float?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("Make the last 64 tokens less likely; 1 for not at all.", valueName: "number"))
  var repeatPenalty: Float = 1

  @Option(parsing: .unconditional, help: ArgumentHelp("End before this text, where it comes.", valueName: "text"))
  var stop: String?

  @Option(parsing: .unconditional, help: ArgumentHelp("Samples to write.", valueName: "number"))
  var count = 1

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("The seed of the random generator (default: drawn, and said).", valueName: "number"))
  var randomSeed: UInt64?

  @Option(
    help: ArgumentHelp(
      "What to do with characters of the seed text that the model does not know.", valueName: "policy"))
  var onUnknown: Tokenizer.UnknownPolicy = .error

  @Option(
    help: ArgumentHelp(
      "What weights are kept in: bf16 is nearly twice as fast and as good to read.", valueName: "precision"))
  var precision = Precision.bfloat16

  @OptionGroup
  var threads: ThreadOption

  @OptionGroup
  var output: OutputOptions

  func validate() throws {
    try Limits.exclude([("--seed", seed != nil), ("--seed-file", seedFile != nil)])
    try Limits.check(length, 0...1_000_000_000, "--length")
    try Limits.check(temperature, 0...1000, "--temperature")
    try Limits.check(topK, 1...10_000_000, "--top-k")
    try Limits.check(topP, above: 0, upTo: 1, "--top-p")
    try Limits.check(minP, 0...1, "--min-p")
    try Limits.check(repeatPenalty, above: 0, upTo: 1000, "--repeat-penalty")
    try Limits.check(count, 1...1_000_000, "--count")
    if stop == "" { throw ValidationError("--stop is empty; give a text, or leave it out") }
  }

  func run() throws {
    let (found, model) = try ModelLookup.ensemble(self.model.models)
    let seed = try encode(readSeed(), model)
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

  private func readSeed() throws -> String {
    guard let path = seedFile else { return seed ?? "" }
    let bytes = try path == "-" ? Files.readStandardInput() : Files.read(path)
    let text = try DecodedText(decoding: bytes, source: path == "-" ? "standard input" : path)
    return String(decoding: text.utf8, as: UTF8.self)
  }

  private func encode(_ text: String, _ model: Ensemble) throws -> SampleSeed {
    do throws(TextError) {
      return try SampleSeed(text, for: model.tokenizer, source: seedFile ?? "the seed text", onUnknown: onUnknown)
    } catch {
      guard case .unknownToken = error else { throw error }
      let next =
        onUnknown == .nearest
        ? "'--on-unknown skip' leaves them out"
        : "'--on-unknown nearest' takes the nearest, '--on-unknown skip' leaves them out"
      throw CommandFailure(error.description, next: next)
    }
  }
}
