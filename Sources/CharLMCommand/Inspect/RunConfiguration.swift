import CharLM
import CharLMData
import CharLMText
import CharLMTraining
import RecurrentNN

/// The options of `charlm train` that repeat the run of a model, as its file tells them.
struct RunConfiguration {
  private let model: ModelSnapshot
  private var settings: RunSettings { RunSettings(network: model.settings, training: model.training.settings) }

  /// - Throws: `CommandFailure` where the model was not trained on files by charlm.
  init(_ model: ModelSnapshot, path: String) throws {
    guard let first = model.training.corpus.files.first, model.training.steps > 0 else {
      throw CommandFailure("\(path): it does not tell how it was trained, so there is no run to repeat")
    }
    guard first.path != "(text in memory)" else {
      throw CommandFailure("\(path): it was trained on a text in memory, so there is no file to train on again")
    }
    self.model = model
  }

  /// The options, in the order in which a file has them.
  var entries: [(name: String, value: ConfigurationFile.Value)] { corpus + text + length + chosen + start }

  /// A file for `--config`.
  /// - Parameter path: of the model.
  func text(path: String) -> String {
    let lines = entries.map { ConfigurationText.line($0.name, $0.value) }
    let title = "# The run of \(VisibleText.line(path)), for 'charlm train --config'."
    return ([title] + lines).joined(separator: "\n") + "\n"
  }

  // MARK: The parts

  private typealias Options = [(name: String, value: ConfigurationFile.Value)]

  private var corpus: Options {
    let record = model.training.corpus
    let isPairs = model.kind == .transducer
    let separator = model.training.settings.distillation == nil ? record.documentSeparator : nil
    return [("corpus", .list(record.files.map { .string($0.path) }))]
      + (isPairs ? [("pairs", .boolean(true))] : [])
      + (record.validationFile.map { [("validation-file", .string($0.path))] }
        ?? (record.validationFraction == 0.1 ? [] : [("validation", .number("\(record.validationFraction)"))]))
      // Backslashes stand for line ends on a command line, and so they do here.
      + (separator.map { [("document-separator", .string(EscapedText.escaped($0)))] } ?? [])
  }

  private var text: Options {
    let (settings, usual) = (model.tokenizer.settings, TextSettings())
    var options: Options = []
    if model.training.initialModel == nil, model.training.settings.distillation == nil {
      if settings.unit != usual.unit { options.append(("unit", .string(settings.unit.rawValue))) }
      if settings.normalization != usual.normalization {
        options.append(("normalization", .string(settings.normalization.rawValue)))
      }
      if settings.fallback != usual.fallback, model.kind == .language {
        options.append(("fallback", .string(settings.fallback.rawValue)))
      }
      if settings.minimumCount > 1 { options.append(("min-count", .number("\(settings.minimumCount)"))) }
      if let size = settings.vocabularySize { options.append(("vocabulary-size", .number("\(size)"))) }
    }
    if settings.invalid != usual.invalid { options.append(("invalid", .string(settings.invalid.rawValue))) }
    return options
  }

  /// The length; that of a run that a clock ended in the steps that it made.
  private var length: Options {
    switch settings.training.length {
    case .epochs(let count) where settings.training.timeLimit == nil: [("epochs", .number("\(count)"))]
    case .steps(let count): [("steps", .number("\(count)"))]
    default: [("steps", .number("\(model.training.steps)"))]
    }
  }

  private var chosen: Options { SettingOptions(settings, modes: modes).entries }

  /// What the run began with, and learned from beside its text.
  private var start: Options {
    let training = model.training
    let teachers = training.settings.distillation
    return (training.initialModel.map { [("init-from", .string($0))] } ?? [])
      + (training.initialVectors.map { [("embedding-init", .string($0))] } ?? [])
      + (teachers.map {
        [("teacher", .list($0.teachers.map { .string($0.path) })), ("teacher-weight", .number("\($0.weight)"))]
      } ?? [])
  }

  private var modes: [TrainingMode] {
    (model.kind == .transducer ? [.pairs] : []) + (model.training.initialModel == nil ? [] : [.initFrom])
      + (model.training.settings.distillation == nil ? [] : [.teacher])
  }
}
