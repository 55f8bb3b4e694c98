import CharLM
import CharLMData
import CharLMFiles
import CharLMText
import CharLMTraining
import RecurrentNN

/// What is said before a run: corpus, network, training, length, model file.
struct TrainingIntroduction {
  let job: TrainingData
  let model: NetworkSettings
  let training: TrainingSettings
  let modelPath: String
  let threadCount: Int
  /// What happened while the corpus was read.
  let reading: CorpusDisplay
  /// Steps that were made before a resume.
  var stepsBefore = 0
  /// Whether a time was asked for.
  var hasBudget = false

  /// The lines, each with its name.
  var lines: [(String, String)] {
    [("corpus", corpus)] + documents + reading.lines
      + [("network", network), ("training", course), ("batch", batch), ("length", length), ("model", file)]
  }

  /// The lines.
  var text: String { TrainingIntroduction.text(lines) }

  /// Lines with their names before them, one below the other.
  static func text(_ lines: [(String, String)]) -> String {
    lines.map { name, line in "  " + name + String(repeating: " ", count: 10 - name.count) + line }
      .joined(separator: "\n")
  }

  private var corpus: String {
    let unit = job.tokenizer.settings.unit.rawValue
    var text = "\(job.corpus.name), \(Quantity.bytes(job.corpus.byteCount)): "
    if let pairCount = job.pairCount {
      text +=
        Quantity.count(pairCount, "pair") + " to train on, " + Quantity.count(job.validationPairs.count)
        + " to validate on"
    } else {
      text += "\(Quantity.count(job.trainTokenCount)) \(unit)s to train on, "
      text +=
        job.validationTokenCount > 0 ? "\(Quantity.count(job.validationTokenCount)) to validate on" : "no validation"
    }
    text += "; vocabulary of \(Quantity.count(job.tokenizer.vocabulary.count))"
    if job.kind == .transducer { text += " and \(Quantity.count(job.outputTokenizer.vocabulary.count))" }
    return text
  }

  private var documents: [(String, String)] {
    guard job.documentCount > 0 else { return [] }
    let separator = job.corpus.documentSeparator.map { ", separated by '\(EscapedText.escaped($0))'" } ?? ", one a file"
    return [("documents", Quantity.count(job.documentCount) + separator)]
  }

  private var network: String {
    model.summary(parameterCount: TrainingEstimate(job, model: model, training: training).parameterCount)
  }

  private var course: String {
    var text =
      "\(training.optimizer.kind.title), learning rate \(Quantity.short(training.schedule.peak)) (\(training.schedule.kind.rawValue)"
    if training.schedule.warmupStepCount > 0 { text += ", \(training.schedule.warmupStepCount) steps to warm up" }
    text += ")"
    let decay = training.optimizer.weightDecay
    if decay > 0 { text += ", weight decay \(Quantity.short(decay))" }
    if training.averageDecay > 0 { text += ", moving mean of \(Quantity.short(training.averageDecay))" }
    if !training.regularization.summary.isEmpty { text += ", " + training.regularization.summary }
    return text
  }

  private var batch: String {
    let rows =
      job.pairCount == nil
      ? Quantity.count(training.batch, "stream") + " of " + (training.isJittered ? "up to " : "")
        + "\(training.bptt) tokens"
      : Quantity.count(training.batch, "pair")
    let precision = training.precision == .bfloat16 ? ", products in bfloat16" : ""
    return rows + " a step, " + Quantity.count(threadCount, "thread") + precision
  }

  private var length: String {
    let estimate = TrainingEstimate(job, model: model, training: training)
    let epochs = { (count: Double) in Quantity.fixed(count, count < 10 ? 2 : 1) + " epochs" }
    var text =
      switch training.length {
      case .budget(let seconds):
        "as many steps as fit into \(Quantity.time(seconds)); an epoch is "
          + Quantity.count(max(1, Int(estimate.stepsPerEpoch.rounded())), "step")
      case .steps(let count): Quantity.count(count, "step") + ", " + epochs(Double(count) / estimate.stepsPerEpoch)
      case .epochs(let count): epochs(count) + ", " + Quantity.count(estimate.stepCount ?? 0, "step")
      }
    if hasBudget, case .epochs = training.length { text += "; in more time this text would only be learnt by heart" }
    if stepsBefore > 0 { text += "; \(Quantity.count(stepsBefore)) were made before" }
    return text
  }

  private var file: String {
    guard stepsBefore == 0, Files.exists(modelPath) else { return modelPath }
    return "\(modelPath); the one that is there is kept as \(modelPath).previous"
  }
}

extension OptimizerKind {
  /// The name as the literature writes it.
  var title: String {
    switch self {
    case .adam: "Adam"
    case .adamw: "AdamW"
    case .sgd: "SGD"
    case .rmsprop: "RMSprop"
    }
  }
}
