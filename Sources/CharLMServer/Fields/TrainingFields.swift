import CharLM
import CharLMData
import CharLMText
import CharLMTraining
import RecurrentNN

/// The fields that say how a run trains, by the names of the options of `charlm train`. What is not given is chosen to suit
/// the text and the time.
enum TrainingFields {
  /// How long. One of them at most.
  static let length: [Field] = [
    Field("steps", .integer(SettingRanges.steps), "How many steps to train."),
    Field("epochs", .number(SettingRanges.epochs), "How often to go through the text."),
    Field("budget", .number(SettingRanges.seconds), "How many seconds to train, from start to save."),
  ]

  /// The network and its training.
  static let settings: [SettingField] = [
    .choice("cell", sets: \.network.cell, "The recurrent cell."),
    .integer("layers", SettingRanges.layers, sets: \.network.layers, "The number of stacked layers."),
    .integer("hidden", SettingRanges.width, sets: \.network.hidden, "The width of a layer."),
    .integer("embedding", SettingRanges.width, sets: \.network.embedding, "The width of a token's vector."),
    .number(
      "dropout", SettingRanges.dropout, sets: \.network.dropout, "Dropout between layers and before the decoder."),
    .flag(
      "tied", sets: \.network.tied,
      "Share the weights of embedding and decoder (default: from 1,000 tokens on, unless embedding is given)."),
    .integer(
      "mogrify", SettingRanges.mogrifierRounds, sets: \.network.mogrifierRounds,
      "Rounds in which a cell's input and state gate each other (default: 2 where a budget reads a long text three times)."
    ),
    .flag("layer_norm", sets: \.network.layerNorm, "Apply layer normalization to the gates."),
    .integer("batch", SettingRanges.batch, sets: \.training.batch, "Parallel streams through the text."),
    .integer("bptt", SettingRanges.bptt, sets: \.training.bptt, "Tokens that gradients flow back through."),
    .choice("optimizer", sets: \.training.optimizer.kind, "The optimizer."),
    .number(
      "learning_rate", SettingRanges.learningRate, sets: \.training.schedule.peak, "The peak learning rate."),
    .choice("schedule", sets: \.training.schedule.kind, "The course of the learning rate."),
    .integer(
      "warmup", SettingRanges.warmup, sets: \.training.schedule.warmupStepCount,
      "Steps over which the learning rate rises."),
    .number("clip", SettingRanges.clip, sets: \.training.clip, "The largest norm of gradients; 0 for no clipping."),
    .number(
      "weight_decay", SettingRanges.weightDecay, sets: \.training.optimizer.weightDecay, "The weight decay."),
    SettingField(
      field: Field(
        "patience", .integer(SettingRanges.patience), "Stop after so many validations that brought nothing.")
    ) { values, requested in
      if let patience = values.integer("patience") { requested[\.training.patience] = patience }
    },
    SettingField(field: Field("random_seed", .seed, "The seed of initial weights and dropout.")) { values, requested in
      if let seed = values.seed("random_seed") { requested[\.training.randomSeed] = seed }
    },
  ]

  /// How the corpus becomes tokens, and what of it is for validation.
  static let text: [Field] = [
    Field("unit", .choice(TextUnit.allCases.map(\.rawValue)), "What a token is.", standard: "grapheme"),
    Field("document_separator", .text(bytes: 1000), "What stands between two documents of the text."),
    Field(
      "validation", .number(SettingRanges.validation), "The part at the end that is held out for validation.",
      standard: .number(0.1)),
  ]
}

extension FieldValues {
  /// How long to train; nil where that is left open.
  /// - Throws: `RequestError` where it is said twice.
  func trainingLength() throws(RequestError) -> TrainingLength? {
    let given = TrainingFields.length.map(\.name).filter(has)
    if given.count > 1 { throw .wrong(given[1], "and \(given[0]) exclude each other; give one of them") }
    if let steps = integer("steps") { return .steps(steps) }
    if let epochs = double("epochs") { return .epochs(epochs) }
    return double("budget").map { .budget(seconds: $0) }
  }

  /// The settings that a request asks for.
  /// - Throws: `RequestError` where they contradict each other.
  func requestedSettings() throws(RequestError) -> RequestedSettings {
    var requested = RequestedSettings()
    for setting in TrainingFields.settings { setting.request(self, &requested) }
    if let length = try trainingLength() { requested[\.training.length] = length }
    return requested
  }
}
