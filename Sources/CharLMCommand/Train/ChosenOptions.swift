import CharLM
import RecurrentNN

/// What was chosen for a budget, as the options that ask for it.
struct ChosenOptions {
  /// The updates that the run made.
  let steps: Int
  /// Names and values.
  let options: [(name: String, value: String)]

  /// Those that may stand beside the options that were given, which say some things already.
  func options(beside given: Set<String>) -> [(name: String, value: String)] {
    var excluded = given
    if given.contains("--init-from") { excluded.formUnion(["--layers", "--hidden", "--embedding"]) }
    if given.contains("--pairs") { excluded.insert("--bptt") }
    return options.filter { !excluded.contains($0.name) }
  }
}

extension ChosenOptions {
  init(_ model: NetworkSettings, _ record: TrainingRecord) {
    let (settings, regularization) = (record.settings, record.settings.regularization)
    steps = record.steps
    options = [
      ("--layers", "\(model.layers)"), ("--hidden", "\(model.hidden)"), ("--embedding", "\(model.embedding)"),
      ("--dropout", "\(model.dropout)"), ("--embedding-dropout", "\(regularization.embeddingDropout)"),
      ("--weight-drop", "\(regularization.weightDrop)"), ("--ar", "\(regularization.activation)"),
      ("--tar", "\(regularization.temporal)"), ("--batch", "\(settings.batch)"), ("--bptt", "\(settings.bptt)"),
      ("--learning-rate", "\(settings.schedule.peak)"), ("--ema", "\(settings.averageDecay)"),
      ("--precision", settings.precision.rawValue),
    ]
  }
}
