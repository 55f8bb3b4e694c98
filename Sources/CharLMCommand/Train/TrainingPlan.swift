import CharLM
import CharLMData
import CharLMFiles
import CharLMText
import CharLMTraining
import RecurrentNN

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// A run before it starts: the corpus is read, the settings are chosen, nothing is written yet.
struct TrainingPlan {
  let command: TrainCommand
  let job: TrainingData
  let model: NetworkSettings
  let training: TrainingSettings
  let estimate: TrainingEstimate
  let modelPath: String
  /// The model to take the first weights from.
  let initial: ModelLookup.Found?
  /// The vectors that the embedding starts from.
  let vectors: WordVectors?
  /// What is to be said of the corpus.
  let reading: CorpusDisplay

  init(_ command: TrainCommand) throws {
    self.command = command
    try Limits.checkAvailable(command.training.precision)
    modelPath = try command.model ?? TrainingPlan.defaultModelPath(corpora: command.corpora)
    try TrainingPlan.check(modelPath)
    try TrainingFiles(command, modelPath: modelPath).check()
    self.initial = try command.initFrom.map { try ModelLookup.read($0, kind: command.pairs ? .transducer : .language) }
    let initial = initial?.model
    reading = CorpusDisplay(command.output.console)
    do throws(CorpusError) {
      job = try TrainingPlan.job(command, initial: initial, reading)
      reading.finish()
    } catch {
      reading.finish()
      guard initial != nil, case .text(.unknownToken(_, _, _)) = error else { throw error }
      throw CommandFailure(
        error.description, next: "they are rarer than the model's vocabulary keeps: leave them out of the corpus")
    }
    try TrainingFiles(command, modelPath: modelPath, corpus: job.corpus).check()
    vectors = try TrainingPlan.vectors(command, job)
    var requested = TrainingPlan.requested(command, initial: initial?.settings)
    if let vectors { requested.embedding = vectors.dimensionCount }
    var speed: MachineSpeed?
    if case .budget = requested.length, job.kind == .language {
      // A time is used best in the fastest precision.
      if requested.precision == nil, Precision.bfloat16.isAvailable { requested.precision = .bfloat16 }
      speed = try MachineSpeed.measured(
        for: job, requested: requested, threadCount: command.threads.count, clock: { Clock.seconds })
    }
    var (model, training) = try AutomaticSettings.settings(for: job, requested: requested, speed: speed)
    if let initial { model.forgetBias = initial.settings.forgetBias }
    (self.model, self.training) = (model, training)
    estimate = TrainingEstimate(job, model: model, training: training)
    try checkMemory()
    if let initial { noteAddedTokens(to: initial) }
  }

  /// `models/STEM.safetensors`, STEM being the first corpus's name without its ending.
  static func defaultModelPath(corpora: [String]) throws -> String {
    guard let first = corpora.first else {
      throw CommandFailure.usage("it is not clear which run is meant", next: "name its model with --model")
    }
    // Of a pattern, the folder that it is in.
    var parts = first.split(separator: "/")
    while !Files.exists(first), let last = parts.last, last.contains(where: { "*?[".contains($0) }) {
      parts.removeLast()
    }
    var name = parts.last ?? ""
    if let dot = name.lastIndex(of: "."), dot > name.startIndex { name = name[..<dot] }
    let stem = first == "-" ? "stdin" : String(name)
    guard !stem.isEmpty, stem != ".", stem != ".." else {
      throw CommandFailure.usage("\(first) gives the model no name", next: "name the model with --model")
    }
    return Files.join(ModelLookup.folder, stem + ".safetensors")
  }

  private static func check(_ modelPath: String) throws {
    guard !modelPath.isEmpty, !modelPath.hasSuffix("/"), !Files.isFolder(modelPath) else {
      throw CommandFailure.usage(
        "--model \(modelPath): is a folder",
        next: "name a file in it, such as \(Files.join(modelPath, "model.safetensors"))")
    }
  }

  private static func job(
    _ command: TrainCommand, initial: ModelSnapshot?, _ reading: CorpusDisplay
  ) throws(CorpusError) -> TrainingData {
    let settings =
      initial.map { command.text.vocabulary.settings(of: $0.tokenizer) } ?? command.text.vocabulary.settings
    if command.pairs {
      return TrainingData(
        try PairCorpus(
          path: command.corpora[0], settings: settings, validationFraction: command.text.validation ?? 0.1,
          tokenizers: initial.map { model in (input: model.tokenizer, output: model.outputTokenizer) },
          extendsVocabularies: true))
    }
    return TrainingData(
      try Corpus(
        paths: command.corpora, settings: settings, isAutomatic: command.text.vocabulary.isAutomatic,
        validation: command.text.validationPart, documentSeparator: command.text.vocabulary.documentSeparator?.text,
        tokenizer: initial?.tokenizer, extendsVocabulary: initial != nil, storage: command.cache.storage,
        observe: reading.show))
  }

  /// Says which tokens of the corpus the first weights' model lacks.
  private func noteAddedTokens(to initial: ModelSnapshot) {
    var sides = [("", job.tokenizer, initial.tokenizer)]
    if job.kind == .transducer { sides.append((" of the outputs", job.outputTokenizer, initial.outputTokenizer)) }
    for (side, new, old) in sides {
      let added = new.vocabulary.tokens(missingFrom: old.vocabulary)
      guard !added.isEmpty else { continue }
      let shown = added.prefix(12).map(\.description).joined(separator: " ") + (added.count > 12 ? " …" : "")
      reading.note(
        "added", "\(Quantity.count(added.count, "token"))\(side) that \(command.initFrom ?? "") lacks: \(shown)")
    }
  }

  /// The vectors of the vocabulary's tokens, whose size is then the embedding's.
  private static func vectors(_ command: TrainCommand, _ job: TrainingData) throws -> WordVectors? {
    guard let path = command.embeddingInit else { return nil }
    let vectors = try WordVectors(path: path, keeping: job.tokenizer.vocabulary)
    if let embedding = command.network.embedding, embedding != vectors.dimensionCount {
      throw CommandFailure(
        "--embedding \(embedding), but the vectors of \(path) have \(vectors.dimensionCount) numbers",
        next: "leave --embedding out")
    }
    return vectors
  }

  private static func requested(_ command: TrainCommand, initial: NetworkSettings?) -> RequestedSettings {
    let (network, training) = (command.network, command.training)
    var requested = RequestedSettings()
    requested.cell = initial?.cell ?? network.cell
    requested.nonlinearity = initial?.nonlinearity ?? network.nonlinearity
    requested.layers = initial?.layers ?? network.layers
    requested.hidden = initial?.hidden ?? network.hidden
    requested.embedding = initial?.embedding ?? network.embedding
    requested.tied = initial?.tied ?? network.tied
    requested.bidirectional = initial?.bidirectional ?? network.bidirectional
    requested.dropout = network.dropout ?? initial?.dropout
    requested.layerNorm = initial?.layerNorm ?? network.layerNorm
    requested.regularization = command.regularization.requested
    requested.batch = training.batch
    requested.bptt = training.bptt
    requested.length = command.length.length
    requested.optimizer = training.optimizer
    requested.learningRate = training.learningRate
    requested.schedule = training.schedule
    requested.warmup = training.warmup
    requested.clip = training.clip
    requested.weightDecay = training.weightDecay
    requested.momentum = training.momentum
    requested.averageDecay = training.ema
    requested.isJittered = training.bpttJitter ? true : nil
    requested.patience = training.patience
    requested.precision = training.precision
    requested.randomSeed = training.randomSeed
    return requested
  }

  private func checkMemory() throws {
    let available = ProcessInfo.processInfo.physicalMemory
    guard UInt64(estimate.memoryByteCount) > available else { return }
    throw CommandFailure(
      "this run needs at least \(Quantity.bytes(estimate.memoryByteCount)) of memory, the machine has "
        + Quantity.bytes(Int(clamping: available)),
      next: "a smaller --hidden, --layers, --batch or --bptt needs less")
  }

  private func beginEmbedding(of run: TrainingRun, with vectors: WordVectors) {
    let setCount = run.begin(with: vectors)
    let tokenCount = Quantity.count(job.tokenizer.vocabulary.count, "token")
    var line = "embedding: \(Quantity.count(setCount)) of \(tokenCount) start from \(command.embeddingInit ?? "") "
    line += "(\(Quantity.count(vectors.lineCount, "vector")) of \(vectors.dimensionCount)), the others at random"
    if vectors.duplicateCount > 0 {
      line += "; \(Quantity.count(vectors.duplicateCount)) came again and were passed over"
    }
    command.output.console.say(line)
  }

  /// The run, with first weights; nothing is written before its first save.
  func makeRun() -> TrainingRun {
    let run = TrainingRun(
      job, model: model, settings: training, modelPath: modelPath, threadCount: command.threads.count)
    if let initial {
      initial.announce(command.output.console)
      run.begin(from: initial.model)
    }
    if let vectors { beginEmbedding(of: run, with: vectors) }
    return run
  }
}
