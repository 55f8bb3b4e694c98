import CharLM
import CharLMData
import CharLMText
import CharLMTraining
import RecurrentNN

extension ModelReport {
  /// The report on a model that was found.
  init(_ found: ModelLookup.Found) {
    self.init(
      found.model, name: found.path, fileBytes: found.fileBytes, isVerified: found.isVerified)
  }

  /// For people.
  var text: String {
    let lines =
      [
        ("model", "\(model), \(Quantity.bytes(fileBytes)), created \(created)"),
        ("kind", kind == .language ? "language model" : "transducer"),
        ("checksum", checksum == "verified" ? "verified" : "none: damage would go unnoticed"),
        ("network", settings.summary(parameterCount: parameters)), ("text", textSettings),
        ("vocabulary", describe(vocabulary)),
      ] + (outputVocabulary.map { [("output", describe($0))] } ?? [])
      + [("corpus", corpus), ("training", course), ("result", result)]
      + history
    return lines.map { name, line in
      name + String(repeating: " ", count: 12 - name.count) + VisibleText.line(line) + "\n"
    }.joined()
  }

  private var textSettings: String {
    var line = "\(self.settingsOfText.unit.rawValue)s, normalization \(settingsOfText.normalization.rawValue)"
    if settingsOfText.fallback != .none { line += ", rare ones spelled by \(settingsOfText.fallback.rawValue)s" }
    if settingsOfText.minimumCount > 1 { line += ", minimum count \(settingsOfText.minimumCount)" }
    if let size = settingsOfText.vocabularySize { line += ", at most \(size) tokens" }
    if settingsOfText.invalid == .replace { line += ", invalid bytes replaced" }
    if settingsOfText.invalid == .byte { line += ", invalid bytes kept" }
    return line
  }

  private func describe(_ vocabulary: Vocabulary) -> String {
    let shown = (0..<min(vocabulary.count, 16)).map { vocabulary[TokenID($0)].description }
    return "\(Quantity.count(vocabulary.count)): " + shown.joined(separator: " ") + (vocabulary.count > 16 ? " …" : "")
  }

  private var corpus: String {
    let record = training.corpus
    if record.files.isEmpty { return "unknown" }
    let validation =
      record.validationFile.map { "validation on \($0.path)" }
      ?? (record.validationFraction > 0
        ? "the last \(Quantity.short(Float(record.validationFraction))) held out for validation" : "no validation")
    let encodings = record.encodings.isEmpty ? "" : ", " + record.encodings.joined(separator: " and ")
    let separator = record.documentSeparator.map { ", documents separated by '\(EscapedText.escaped($0))'" } ?? ""
    return "\(record.name), \(Quantity.bytes(record.byteCount))\(encodings)\(separator), \(validation)"
  }

  private var course: String {
    if training.steps == 0 { return "outside charlm" }
    let (settings, summary) = (training.settings, RunSettings(network: settings, training: training.settings).summary)
    return "\(settings.optimizer.kind.title), learning rate \(Quantity.short(settings.schedule.peak)) "
      + "(\(settings.schedule.kind.rawValue)), batch \(settings.batch), bptt \(settings.bptt), clip "
      + "\(Quantity.short(settings.clip)), random seed \(settings.randomSeed)"
      + (summary.isEmpty ? "" : ", " + summary)
  }

  private var result: String {
    var text =
      "\(Quantity.count(training.steps, "step")), \(Quantity.fixed(training.epochs, 2)) epochs, "
      + Quantity.measuredTime(training.seconds)
    if let nats = training.bestValidNats {
      text += ", best validation \(Quantity.fixed(nats, 4)) nats per token at step \(Quantity.count(training.bestStep))"
    }
    if let steps = training.averagedSteps { text += ", the average of the models of steps " + Quantity.list(steps) }
    return text
  }

  /// The last validations.
  private var history: [(String, String)] {
    training.history.suffix(8).enumerated().map { number, entry in
      (
        number == 0 ? "history" : "",
        "step \(Quantity.count(entry.step)): training \(Quantity.fixed(entry.trainNats, 4))"
          + (entry.validNats.map { ", validation \(Quantity.fixed($0, 4))" } ?? "")
      )
    }
  }
}
