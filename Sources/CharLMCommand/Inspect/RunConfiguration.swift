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
    return [("corpus", .list(record.files.map { .string($0.path) }))]
      + (isPairs ? [("pairs", .boolean(true))] : [])
      + (record.validationFile.map { [("validation-file", .string($0.path))] }
        ?? (record.validationFraction == 0.1 ? [] : [("validation", .number("\(record.validationFraction)"))]))
      // Backslashes stand for line ends on a command line, and so they do here.
      + (record.documentSeparator.map { [("document-separator", .string(EscapedText.escaped($0)))] } ?? [])
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

  /// What was chosen for the run, and what was asked for in place of a default.
  private var chosen: Options {
    chosen(NetworkOptions.self) + chosen(TrainingOptions.self) + chosen(RegularizationOptions.self)
  }

  private func chosen<Group: DeclaredOptions>(_: Group.Type) -> Options {
    let modes = self.modes
    return Group.declarations.compactMap { declaration in
      guard let setting = declaration.setting, let value = setting.argument(settings),
        setting.isChosen || value != setting.argument(Self.usual),
        !declaration.exclusions.contains(where: { modes.contains($0.mode) })
      else { return nil }
      let kind: ConfigurationFile.Value =
        value == "true" || value == "false"
        ? .boolean(value == "true") : Double(value) == nil ? .string(value) : .number(value)
      return (String(declaration.name.dropFirst(2)), kind)
    }
  }

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

  /// What options that nothing chooses are where they are not given.
  private static let usual = RunSettings(
    network: NetworkSettings(),
    training: TrainingSettings(
      batch: 1, bptt: 1, length: .steps(1), schedule: LearningRateSchedule(peak: 1), validationInterval: 1))
}
