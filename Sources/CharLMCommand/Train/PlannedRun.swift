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

/// A new run before it starts: the corpus is read and the settings are chosen, but nothing is written yet.
struct PlannedRun {
  let command: TrainCommand
  let data: TrainingData
  let settings: RunSettings
  let modelPath: String
  /// The model that an earlier run left at the path, unless it is to be replaced.
  let earlier: EarlierModel?
  /// The lock of the model, where its folder is there already.
  private let lock: ModelLock?
  /// What was noted while the corpus was read.
  let reading: CorpusDisplay
  /// The model to take the first weights from.
  private let initial: ModelLookup.Found?
  /// The vectors that the embedding starts from.
  private let vectors: WordVectors?

  init(_ command: TrainCommand) throws {
    self.command = command
    try command.training.precision?.checkAvailability()
    modelPath = try ModelPath.path(command)
    try FileUses(command, modelPath: modelPath).check()
    lock = try PlannedRun.lock(modelPath, command)
    earlier = command.overwrite ? nil : EarlierModel(atModelPath: modelPath)
    initial = try command.initFrom.map { try ModelLookup.read($0, kind: command.pairs ? .transducer : .language) }
    let ensemble = command.teacher.isEmpty ? nil : try ModelLookup.ensemble(command.teacher)
    let teachers = ensemble?.found.map(\.path) ?? []
    reading = CorpusDisplay(command.output.console)
    let data = try PlannedRun.read(command, initial: initial?.model, teacher: ensemble?.model.tokenizer, reading)
    try FileUses(command, modelPath: modelPath, corpus: data.corpus, teachers: teachers).check()
    vectors = try PlannedRun.vectors(command, data)
    var requested = command.requested
    if let initial { requested.keep(initial.model.settings) }
    if let vectors { requested[\.network.embedding] = vectors.dimensionCount }
    settings = try AutomaticSettings.settings(
      for: data, requested: requested, threadCount: command.threads.count, clock: { Clock.seconds })
    let limited = try data.validating(upTo: settings.training.validationTokenLimit)
    try settings.checkSizes(for: limited)
    self.data = try ensemble.map { try PlannedRun.taught(limited, by: $0.model, $0.found, command) } ?? limited
    if !teachers.isEmpty {
      reading.note(
        .teachers,
        teachers.joined(separator: ", ")
          + "; \(Quantity.short(command.teacherWeight ?? Distillation.usualWeight)) "
          + "of the loss")
    }
    if let initial {
      reading.note(.start, "from the weights of \(initial.path)")
      noteAddedTokens(to: initial)
    }
    if !command.pairs, command.corpora.count == 1, PairCorpus.looksLikePairs(path: command.corpora[0]) {
      reading.note(.corpus, "its lines are pairs, a tab between; to learn to turn left into right, give --pairs")
    }
  }

  /// Locks the model before long work begins, and makes sure that its files can be written. A folder that is not there yet
  /// is made when the corpus was read; the run locks its model by itself then.
  private static func lock(_ modelPath: String, _ command: TrainCommand) throws -> ModelLock? {
    if command.dryRun || command.findsLearningRate { return nil }
    for path in [modelPath, TrainingRun.statePath(forModel: modelPath)] { try FileUses.checkWritable(path) }
    return Files.isFolder(Files.folder(of: modelPath)) ? try ModelLock(modelPath: modelPath) : nil
  }

  /// Parameters, steps and memory of the run.
  var estimate: TrainingEstimate { TrainingEstimate(data, settings) }

  /// What the run will be, in words.
  var introduction: TrainingIntroduction {
    TrainingIntroduction(
      data: data, settings: settings, modelPath: modelPath, threadCount: command.threads.count, reading: reading,
      earlier: earlier, hasBudget: command.length.budget != nil)
  }

  /// The run, with its first weights; nothing is written before its first save.
  /// - Parameter data: in place of the plan's own.
  func makeRun(on data: TrainingData? = nil) -> TrainingRun {
    let run = TrainingRun(
      data ?? self.data, network: settings.network, settings: settings.training, modelPath: modelPath,
      threadCount: command.threads.count, lock: lock)
    run.isOverwriting = command.overwrite
    if let initial {
      initial.announce(command.output.console)
      run.begin(from: initial.model, path: initial.path)
    }
    if let vectors { initializeEmbedding(of: run, with: vectors) }
    return run
  }
}

// MARK: The corpus

extension PlannedRun {
  private static func read(
    _ command: TrainCommand, initial: ModelSnapshot?, teacher: Tokenizer?, _ reading: CorpusDisplay
  ) throws -> TrainingData {
    defer { reading.finish() }
    do throws(CorpusError) {
      return try data(command, initial: initial, teacher: teacher, reading)
    } catch {
      reading.finish()
      guard initial != nil || teacher != nil, case .text(.unknownToken) = error else { throw error }
      throw CommandFailure(
        error.description,
        next: teacher == nil
          ? "they are rarer than the model's minimum count: leave them out of the corpus"
          : "give the corpus that the teachers were trained on")
    }
  }

  private static func data(
    _ command: TrainCommand, initial: ModelSnapshot?, teacher: Tokenizer?, _ reading: CorpusDisplay
  ) throws(CorpusError) -> TrainingData {
    let vocabulary = command.text.vocabulary
    let text = (initial?.tokenizer ?? teacher).map { vocabulary.settings(of: $0) } ?? vocabulary.settings
    if command.pairs {
      return TrainingData(
        try PairCorpus(
          path: command.corpora[0], settings: text, validationFraction: command.text.validation ?? 0.1,
          tokenizers: initial.map { model in (input: model.tokenizer, output: model.outputTokenizer) },
          extendsVocabularies: true))
    }
    return TrainingData(
      try Corpus(
        paths: command.corpora, settings: text, isAutomatic: vocabulary.isAutomatic,
        validation: command.text.validationPart, documentSeparator: vocabulary.documentSeparator?.text,
        tokenizer: initial?.tokenizer ?? teacher, extendsVocabulary: initial != nil, storage: command.cache.storage,
        observe: reading.show))
  }

  /// Notes which tokens of the corpus the model of the first weights lacks.
  private func noteAddedTokens(to initial: ModelLookup.Found) {
    let model = initial.model
    var sides = [("", data.tokenizer, model.tokenizer)]
    if data.kind == .transducer { sides.append((" of the outputs", data.outputTokenizer, model.outputTokenizer)) }
    for (side, new, old) in sides {
      let added = new.vocabulary.tokens(missingFrom: old.vocabulary)
      guard !added.isEmpty else { continue }
      let shown = added.prefix(12).map(\.description).joined(separator: " ") + (added.count > 12 ? " …" : "")
      reading.note(.added, "\(Quantity.count(added.count, "token"))\(side) that \(initial.path) lacks: \(shown)")
    }
  }
}

// MARK: Teachers

extension PlannedRun {
  /// The data with what the teachers predict in it, which takes as long as to evaluate them on it.
  private static func taught(
    _ data: TrainingData, by ensemble: Ensemble, _ found: [ModelLookup.Found], _ command: TrainCommand
  ) throws -> TrainingData {
    command.output.console.say("reading the training text with \(Quantity.count(found.count, "teacher"))")
    return try data.taught(
      by: zip(found, ensemble.models).map { (path: $0.path, model: $1) },
      weight: command.teacherWeight ?? Distillation.usualWeight, threadCount: command.threads.count)
  }
}

// MARK: First weights

extension PlannedRun {
  /// The vectors of the vocabulary's tokens, whose size decides the width of the embedding.
  private static func vectors(_ command: TrainCommand, _ data: TrainingData) throws -> WordVectors? {
    guard let path = command.embeddingInit else { return nil }
    let vectors = try WordVectors(path: path, keeping: data.tokenizer.vocabulary)
    if let embedding = command.network.embedding, embedding != vectors.dimensionCount {
      throw CommandFailure(
        "--embedding \(embedding), but the vectors of \(path) have \(vectors.dimensionCount) dimensions",
        next: "leave --embedding out")
    }
    return vectors
  }

  private func initializeEmbedding(of run: TrainingRun, with vectors: WordVectors) {
    let setCount = run.begin(with: vectors, path: command.embeddingInit)
    let tokenCount = Quantity.count(data.tokenizer.vocabulary.count, "token")
    var line = "embedding: \(Quantity.count(setCount)) of \(tokenCount) start from \(command.embeddingInit ?? "") "
    line += "(\(Quantity.count(vectors.lineCount, "vector")) of \(vectors.dimensionCount)), the others at random"
    if vectors.duplicateCount > 0 {
      line += "; \(Quantity.count(vectors.duplicateCount, "repeated vector")) skipped"
    }
    if vectors.skippedCount > 0 {
      line += "; \(Quantity.count(vectors.skippedCount, "line")) passed over, whose token is no text"
    }
    command.output.console.say(line)
    if setCount == 0 {
      command.output.console.warn(
        "no token of the corpus has a vector in \(command.embeddingInit ?? ""); are they vectors of words? --unit word")
    }
  }
}
