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

  /// The ranks of the run.
  private let communicator: Communicator
  /// How they train together, in words.
  private let rankNote: CommandNote?

  /// - Parameter communicator: the ranks that plan together; where each trains a model of its own, they do no more than that.
  init(_ command: TrainCommand, _ communicator: Communicator = .alone) throws {
    self.command = command
    let sharing = command.ranks.members ? .alone : communicator
    self.communicator = sharing
    let read = try communicator.agreed { try PlannedRun.read(command, isWriting: sharing.isFirst) }
    (modelPath, lock, earlier, initial) = (read.modelPath, read.lock, read.earlier, read.initial)
    (reading, vectors) = (read.reading, read.vectors)
    let data = read.data
    try PlannedRun.checkSameCorpus(data, communicator)
    var requested = command.requested
    if let initial { requested.keep(initial.model.settings) }
    if let vectors { requested[\.network.embedding] = vectors.dimensionCount }
    if !sharing.isAlone {
      requested[\.training.ranks] = RankSettings(
        count: communicator.size, syncInterval: command.ranks.syncEvery ?? 1, wire: command.ranks.wire ?? .float32)
    }
    let speed = try communicator.agreed {
      try AutomaticSettings.speed(
        for: data, requested: requested, threadCount: command.threads.count(communicator), clock: { Clock.seconds })
    }?.sum(over: sharing)
    let (chosen, limited) = try communicator.agreed {
      let settings = try AutomaticSettings.settings(for: data, requested: requested, speed: speed)
      let limited = try data.validating(upTo: settings.training.validationTokenLimit)
      try settings.checkSizes(for: limited)
      return (settings, limited)
    }
    var settings = try PlannedRun.shared(chosen, communicator)
    settings.training.randomSeed = chosen.training.randomSeed
    // The first rank's CPU may have what another lacks.
    let precision = settings.training.precision
    try communicator.agreed { try precision.checkAvailability() }
    let ensemble = read.ensemble
    let teachers = ensemble?.found.map(\.path) ?? []
    self.data =
      try ensemble.map { ensemble in
        try communicator.agreed {
          try PlannedRun.taught(
            limited, by: ensemble.model, ensemble.found, command, threadCount: command.threads.count(communicator))
        }
      } ?? limited
    let measured = try PlannedRun.chooseSyncInterval(&settings, self.data, command, sharing)
    rankNote = settings.training.ranks.map { PlannedRun.note($0, measured: measured, communicator) }
    self.settings = settings
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
      reading.note(.corpus, "its lines are pairs separated by a tab; to learn to turn left into right, give --pairs")
    }
  }

  /// What is read before anything is chosen.
  private struct Reading {
    let modelPath: String
    let lock: ModelLock?
    let earlier: EarlierModel?
    let initial: ModelLookup.Found?
    let ensemble: (found: [ModelLookup.Found], model: Ensemble)?
    let reading: CorpusDisplay
    let data: TrainingData
    let vectors: WordVectors?
  }

  /// - Parameter isWriting: whether this process is the one to write the model.
  private static func read(_ command: TrainCommand, isWriting: Bool) throws -> Reading {
    try command.training.precision?.checkAvailability()
    let modelPath = try ModelPath.path(command)
    try FileUses(command, modelPath: modelPath).check()
    let lock = isWriting ? try PlannedRun.lock(modelPath, command) : nil
    let earlier = command.overwrite || !isWriting ? nil : EarlierModel(atModelPath: modelPath)
    let initial = try command.initFrom.map { try ModelLookup.read($0, kind: command.pairs ? .transducer : .language) }
    let ensemble = command.teacher.isEmpty ? nil : try ModelLookup.ensemble(command.teacher)
    if let models = ensemble?.model.models, Set(models.map(\.documentSeparator)).count > 1 {
      throw CommandFailure(
        "the teachers separate documents in different ways",
        next: "distil models that were trained with the same --document-separator")
    }
    let reading = CorpusDisplay(command.output.console)
    let data = try read(command, initial: initial?.model, teacher: ensemble?.model, reading)
    let teachers = ensemble?.found.map(\.path) ?? []
    try FileUses(command, modelPath: modelPath, corpus: data.corpus, teachers: teachers).check()
    return Reading(
      modelPath: modelPath, lock: lock, earlier: earlier, initial: initial, ensemble: ensemble, reading: reading,
      data: data, vectors: try vectors(command, data))
  }

  /// Locks the model before long work begins, and makes sure that its files can be written. A folder that is not there yet
  /// is made when the corpus was read; the run locks its model by itself then.
  private static func lock(_ modelPath: String, _ command: TrainCommand) throws -> ModelLock? {
    if command.dryRun || command.findsLearningRate { return nil }
    for path in [modelPath, TrainingRun.statePath(forModel: modelPath)] { try FileUses.checkWritable(path) }
    return Files.isFolder(Files.folder(of: modelPath)) ? try ModelLock(modelPath: modelPath) : nil
  }

  private var threadCount: Int { command.threads.count(communicator) }

  /// Parameters, steps and memory of the run.
  var estimate: TrainingEstimate { TrainingEstimate(data, settings) }

  /// What the run will be, in words.
  var introduction: TrainingIntroduction {
    TrainingIntroduction(
      data: data, settings: settings, modelPath: modelPath, threadCount: threadCount, reading: reading,
      earlier: earlier, hasBudget: command.length.budget != nil, rankNote: rankNote)
  }

  /// The run, with its first weights; nothing is written before its first save.
  /// - Parameter data: in place of the plan's own.
  func makeRun(on data: TrainingData? = nil) -> TrainingRun {
    let run = TrainingRun(
      data ?? self.data, network: settings.network, settings: settings.training, modelPath: modelPath,
      threadCount: threadCount, lock: lock, communicator: communicator)
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
    _ command: TrainCommand, initial: ModelSnapshot?, teacher: Ensemble?, _ reading: CorpusDisplay
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
    _ command: TrainCommand, initial: ModelSnapshot?, teacher: Ensemble?, _ reading: CorpusDisplay
  ) throws(CorpusError) -> TrainingData {
    let vocabulary = command.text.vocabulary
    let text = (initial?.tokenizer ?? teacher?.tokenizer).map { vocabulary.settings(of: $0) } ?? vocabulary.settings
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
        validation: command.text.validationPart,
        documentSeparator: vocabulary.documentSeparator?.text ?? teacher?.documentSeparator,
        tokenizer: initial?.tokenizer ?? teacher?.tokenizer, extendsVocabulary: initial != nil,
        storage: command.cache.storage,
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
    _ data: TrainingData, by ensemble: Ensemble, _ found: [ModelLookup.Found], _ command: TrainCommand,
    threadCount: Int
  ) throws -> TrainingData {
    command.output.console.say("reading the training text with \(Quantity.count(found.count, "teacher"))")
    return try data.taught(
      by: zip(found, ensemble.models).map { (path: $0.path, model: $1) },
      weight: command.teacherWeight ?? Distillation.usualWeight, threadCount: threadCount)
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
