import CharLM
import CharLMData
import CharLMText
import CharLMTraining
import RecurrentNN

/// What a run is going to be, shown before it starts: corpus, network, training, length, model file.
struct TrainingIntroduction {
  let data: TrainingData
  let settings: RunSettings
  let threadCount: Int
  /// What was noted while the corpus was read.
  let reading: CorpusDisplay
  /// Steps made before a resume.
  let stepsBefore: Int
  /// Whether a time was asked for.
  let hasBudget: Bool
  private let modelPath: String
  /// The model that an earlier run left at the path.
  private let earlier: EarlierModel?
  /// How several processes train together.
  private let rankNote: CommandNote?

  init(
    data: TrainingData, settings: RunSettings, modelPath: String, threadCount: Int, reading: CorpusDisplay,
    earlier: EarlierModel? = nil, stepsBefore: Int = 0, hasBudget: Bool = false, rankNote: CommandNote? = nil
  ) {
    (self.data, self.settings, self.modelPath) = (data, settings, modelPath)
    (self.threadCount, self.reading) = (threadCount, reading)
    (self.stepsBefore, self.hasBudget) = (stepsBefore, hasBudget)
    self.earlier = earlier
    self.rankNote = rankNote
  }

  /// The lines, each with what it is about.
  var lines: [CommandNote] {
    [CommandNote(.corpus, corpus)] + documents + reading.notes
      + [
        CommandNote(.network, network), CommandNote(.training, training), CommandNote(.batch, batch),
        CommandNote(.length, length),
      ] + [rankNote].compactMap(\.self) + [CommandNote(.model, file)] + advice
  }

  /// The lines as text.
  var text: String { lines.text }

  private var corpus: String {
    let unit = data.tokenizer.settings.unit.rawValue
    var text = "\(data.corpus.name), \(Quantity.bytes(data.corpus.byteCount)): "
    if let pairCount = data.pairCount {
      text +=
        Quantity.count(pairCount, "pair") + " to train on, " + Quantity.count(data.validationPairs.count)
        + " to validate on"
    } else {
      text += "\(Quantity.count(data.trainTokenCount)) \(unit)s to train on, "
      text += data.validationTokenCount > 0 ? validation + " to validate on" : "no validation"
    }
    text += "; vocabulary of \(Quantity.count(data.tokenizer.vocabulary.count))"
    if data.kind == .transducer { text += " and \(Quantity.count(data.outputTokenizer.vocabulary.count))" }
    return text
  }

  private var validation: String {
    let (count, whole) = (data.validationTokenCount, data.wholeValidationTokenCount)
    return count < whole ? "\(Quantity.count(count)) of \(Quantity.count(whole))" : Quantity.count(count)
  }

  /// What is worth knowing before a run starts.
  private var advice: [CommandNote] {
    guard stepsBefore == 0 else { return [] }
    var notes = TrainingDiagnosis.before(data).map { [CommandNote(.advice, $0.text)] } ?? []
    if hasBudget, let load = ThisProcess.load, load.others > 1.5 * Double(load.cores) {
      notes.append(
        CommandNote(
          .machine,
          "busy: \(Quantity.fixed(load.others, 1)) programs share its \(Quantity.count(load.cores, "core")), so fewer "
            + "steps fit into the time"))
    }
    return notes
  }

  private var documents: [CommandNote] {
    guard data.documentCount > 0 else { return [] }
    let separator =
      data.corpus.documentSeparator.map { ", separated by '\(EscapedText.escaped($0))'" } ?? ", one per file"
    return [CommandNote(.documents, Quantity.count(data.documentCount) + separator)]
  }

  private var network: String {
    settings.network.summary(parameterCount: TrainingEstimate(data, settings).parameterCount)
  }

  private var training: String {
    let schedule = settings.training.schedule
    var text = "\(settings.training.optimizer.kind.title), learning rate \(Quantity.short(schedule.peak)) "
    text += "(\(schedule.kind.rawValue)"
    if schedule.warmupStepCount > 0 { text += ", \(Quantity.count(schedule.warmupStepCount, "warm-up step"))" }
    text += ")"
    return settings.summary.isEmpty ? text : text + ", " + settings.summary
  }

  private var batch: String {
    let training = settings.training
    let rows =
      data.pairCount == nil
      ? Quantity.count(training.batch, "stream") + " of " + (training.isJittered ? "up to " : "")
        + "\(training.bptt) tokens"
      : Quantity.count(training.batch, "pair")
    let precision = training.precision == .bfloat16 ? ", matrix products in bfloat16" : ""
    return rows + " per step, " + Quantity.count(threadCount, "thread") + precision
  }

  private var length: String {
    let estimate = TrainingEstimate(data, settings)
    let epochs = { (count: Double) in Quantity.fixed(count, count < 10 ? 2 : 1) + " epochs" }
    var text =
      switch settings.training.length {
      case .budget(let seconds):
        "as many steps as fit into \(Quantity.time(seconds)); an epoch is "
          + Quantity.count(max(1, Int(estimate.stepsPerEpoch.rounded())), "step")
      case .steps(let count): Quantity.count(count, "step") + ", " + epochs(Double(count) / estimate.stepsPerEpoch)
      case .epochs(let count): epochs(count) + ", " + Quantity.count(estimate.stepCount ?? 0, "step")
      }
    if hasBudget, case .epochs = settings.training.length {
      text += "; training longer would only overfit this text"
    }
    if let patience = settings.training.patience {
      text += ", or until \(Quantity.count(patience, "validation")) in a row bring no improvement"
    }
    if stepsBefore > 0 { text += "; \(Quantity.count(stepsBefore)) already made" }
    return text
  }

  private var file: String {
    modelPath + (earlier.map { "; the existing model is kept as \($0.keptPath)" } ?? "")
  }
}
