import ArgumentParser
import CharLM
import CharLMData
import CharLMFiles
import CharLMText
import CharLMTraining
import RecurrentNN

/// `charlm convert`.
struct ConvertCommand: ParsableCommand, DeclaredOptions, FileWriting {
  static let configuration = CommandConfiguration(
    commandName: "convert",
    abstract: "Exchange models with PyTorch, as state dicts in safetensors.",
    discussion: """
      --to writes the model's parameters as load_state_dict reads them: embedding.weight, rnn.weight_ih_l0, …, \
      decoder.weight, decoder.bias. --model does the reverse, for a module of nn.Embedding, nn.LSTM, nn.GRU or nn.RNN, \
      and nn.Linear, whatever its members are called. A state dict does not contain its tokens: give --vocabulary, a \
      JSON array of them in order, or --corpus, whose sorted characters are used.

      Example:
        charlm convert models/english.safetensors --to pt.st
        charlm convert pt.st --model m.safetensors --corpus corpora/english.txt
      """)

  @Argument(help: ArgumentHelp("A model (with --to) or a state dict (with --model).", valueName: "file"))
  var input: String

  @Option(parsing: .unconditional, help: ArgumentHelp("Write the model as a state dict.", valueName: "file"))
  var to: String?

  @Option(parsing: .unconditional, help: ArgumentHelp("Write the state dict as a model.", valueName: "file"))
  var model: String?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "The tokens in order, as a JSON array: an input with --model, an output with --to.", valueName: "file"))
  var vocabulary: String?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("The same for the output side of a transducer.", valueName: "file"))
  var outputVocabulary: String?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("The text that the state dict was trained on, for its sorted tokens.", valueName: "file"))
  var corpus: String?

  @Option(help: "What a token is (default: scalar, which is Python's character).")
  var unit: TextUnit?

  @Option(help: "Unicode normalization of the text (default: none).")
  var normalization: Normalization?

  @Option(help: "The activation of an nn.RNN, which its tensors do not tell.")
  var nonlinearity: Nonlinearity?

  @OptionGroup
  var quiet: QuietOption

  /// The options for what a state dict lacks; they have no meaning with --to.
  static let declarations: [Declaration<Self>] = [
    Declaration("--corpus", \.corpus), Declaration("--unit", \.unit),
    Declaration("--normalization", \.normalization), Declaration("--nonlinearity", \.nonlinearity),
  ]

  func validate() throws {
    try Limits.exclude([("--to", to != nil), ("--model", model != nil)])
    try Limits.exclude([("--vocabulary", vocabulary != nil), ("--corpus", corpus != nil)])
    if to == nil, model == nil {
      throw ValidationError("the output is missing; give --to for a state dict, or --model for a model")
    }
    if to != nil {
      if let first = given.first { throw ValidationError("\(first) has no meaning with --to; leave it out") }
    } else if vocabulary == nil, corpus == nil {
      throw ValidationError("a state dict does not contain its tokens; give --vocabulary or --corpus")
    } else if outputVocabulary != nil, vocabulary == nil {
      throw ValidationError("--output-vocabulary needs --vocabulary; give both")
    }
  }

  var fileUses: FileUses {
    var uses = FileUses()
    uses.reads(input, as: to == nil ? "the state dict to convert" : "the model to convert")
    uses.writes(to, by: "--to")
    uses.writes(model, by: "--model")
    uses.reads(corpus, as: "the corpus")
    for (option, path) in [("--vocabulary", vocabulary), ("--output-vocabulary", outputVocabulary)] {
      if to == nil { uses.reads(path, as: "the file of \(option)") } else { uses.writes(path, by: option) }
    }
    return uses
  }

  func run() throws {
    guard let output = to ?? model else { return }
    for path in [output] + (to == nil ? [] : [vocabulary, outputVocabulary].compactMap(\.self)) {
      try FileUses.checkWritable(path)
    }
    let lock = try ModelLock(modelPath: output)
    defer { withExtendedLifetime(lock) {} }
    if let to {
      try writeStateDict(to)
    } else if let model {
      try writeModel(model)
    }
  }

  private func writeStateDict(_ path: String) throws {
    let found = try ModelLookup.read(input, kind: nil)
    if outputVocabulary != nil, found.model.kind == .language {
      throw CommandFailure(
        "\(input): is a language model, which has one vocabulary", next: "leave --output-vocabulary out")
    }
    let settings = found.model.settings
    let unknownToTorch = [
      (settings.mogrifierRounds > 0, "has mogrifier rounds", "with --mogrify 0"),
      (settings.layerNorm, "uses layer normalization", "without --layer-norm"),
    ]
    if let (_, what, training) = unknownToTorch.first(where: \.0) {
      throw CommandFailure(
        "\(input): \(what), which the cells of torch.nn lack, so it has no state dict",
        next: "convert a model that was trained \(training)")
    }
    let kept = FileUses.kept(path)
    try StateDict(of: found.model).write(to: path, keepingPreviousAs: kept)
    say(
      "\(path): a state dict of \(describe(settings)), \(Quantity.count(found.model.parameterCount, "parameter"))", kept
    )
    try writeVocabularies(of: found.model)
    quiet.console.say(wayBack(from: path, found.model))
  }

  private func writeVocabularies(of model: ModelSnapshot) throws {
    for (path, tokenizer) in [(vocabulary, model.tokenizer), (outputVocabulary, model.outputTokenizer)] {
      guard let path else { continue }
      let kept = try Files.moveAside(path)
      try VocabularyFile.write(tokenizer.vocabulary, to: path)
      if let kept { quiet.console.say("the existing file is kept as \(kept)") }
    }
  }

  /// The command that makes the model again, or which files that needs.
  private func wayBack(from path: String, _ model: ModelSnapshot) -> String {
    let isTransducer = model.kind == .transducer
    guard let vocabulary, !isTransducer || outputVocabulary != nil else {
      return isTransducer
        ? "it does not contain the vocabularies; --vocabulary IN.json and --output-vocabulary OUT.json write them"
        : "it does not contain the vocabulary; --vocabulary FILE.json writes that"
    }
    let text = model.tokenizer.settings
    var words = ["--vocabulary", vocabulary]
    if isTransducer, let outputVocabulary { words += ["--output-vocabulary", outputVocabulary] }
    words += ["--unit", text.unit.rawValue]
    if text.normalization != .none { words += ["--normalization", text.normalization.rawValue] }
    if model.settings.cell == .rnn { words += ["--nonlinearity", model.settings.nonlinearity.rawValue] }
    return "back: charlm convert \(CommandText.quoted(path)) --model MODEL "
      + words.map(CommandText.quoted).joined(separator: " ")
  }

  private func writeModel(_ path: String) throws {
    let dictionary = try StateDict(path: input)
    let settings = TextSettings(unit: unit ?? .scalar, normalization: normalization ?? .none)
    var record = CorpusRecord()
    let tokenizer: Tokenizer
    if let corpus {
      let text = try Corpus(paths: [corpus], settings: settings, validation: .fraction(0.1))
      (tokenizer, record) = (text.tokenizer, text.record)
    } else {
      tokenizer = Tokenizer(vocabulary: try VocabularyFile.read(path: vocabulary ?? ""), settings: settings)
    }
    let output: Tokenizer? =
      if let outputVocabulary {
        Tokenizer(vocabulary: try VocabularyFile.read(path: outputVocabulary), settings: settings)
      } else {
        nil
      }
    let model: ModelSnapshot
    do throws(StateDictError) {
      model = try dictionary.model(
        nonlinearity: nonlinearity, tokenizer: tokenizer, outputTokenizer: output, corpus: record)
    } catch {
      guard case .stateDict(_, .vocabularySize) = error, let hint = pythonHint(tokenizer.vocabulary) else {
        throw error
      }
      throw CommandFailure(error.description, next: hint)
    }
    let kept = FileUses.kept(path)
    try Checkpoint.write(model, to: path, keepingPreviousAs: kept)
    say(
      "\(path): \(describe(model.settings)), \(Quantity.count(model.parameterCount, "parameter")), vocabulary of "
        + Quantity.count(tokenizer.vocabulary.count), kept)
    let name = model.kind == .language ? "sample" : "transduce"
    quiet.console.say("next: charlm \(name) --model \(path)")
  }

  /// Where Python's `open` reads other characters from the corpus than it has: what to do about it.
  private func pythonHint(_ vocabulary: Vocabulary) -> String? {
    guard let corpus else { return nil }
    let file = CommandText.quoted(corpus)
    if vocabulary.id(of: [0x0D]) != nil || vocabulary.id(of: [0x0D, 0x0A]) != nil {
      return "Python's open() reads CR LF as LF: give a copy without CR (tr -d '\\r' < \(file))"
    }
    let beginning = (try? Files.readPrefix(corpus, byteCount: 3)) ?? []
    return beginning == [0xEF, 0xBB, 0xBF]
      ? "the file begins with a byte-order mark, which Python's open() reads as a character: give the tokens by --vocabulary"
      : nil
  }

  private func say(_ line: String, _ kept: String?) {
    quiet.console.say(line)
    if let kept { quiet.console.say("the existing file is kept as \(kept)") }
  }

  private func describe(_ settings: NetworkSettings) -> String {
    var text = "\(settings.cell.rawValue.uppercased()), "
    text += "\(Quantity.count(settings.layers, "layer")) of \(settings.hidden), embedding \(settings.embedding)"
    if settings.tied { text += " (tied)" }
    if settings.bidirectional { text += ", bidirectional" }
    return text
  }
}
