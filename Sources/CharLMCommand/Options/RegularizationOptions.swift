import ArgumentParser
import CharLM

/// Regularization beside --dropout.
struct RegularizationOptions: ParsableArguments, DeclaredOptions {
  @Flag(help: "Use one dropout mask for all time steps of a chunk.")
  var lockedDropout = false

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Drop whole tokens from the embedding, 0 to 0.95 (default: automatic).", valueName: "probability"))
  var embeddingDropout: Float?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("Drop recurrent weights, 0 to 0.95 (default: automatic).", valueName: "probability"))
  var weightDrop: Float?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Activation regularization: penalizes large outputs (default: automatic).", valueName: "factor"))
  var ar: Float?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Temporal activation regularization: penalizes changes of the outputs (default: 0).", valueName: "factor"))
  var tar: Float?

  static let declarations: [Declaration<Self>] = [
    Declaration(
      "--locked-dropout", flag: \.lockedDropout,
      sets: .fixed(\.training.regularization.isLocked) { $0 ? "locked dropout" : nil }),
    Declaration(
      "--embedding-dropout", \.embeddingDropout, in: .range(SettingRanges.dropout),
      sets: .chosen(\.training.regularization.embeddingDropout) { $0.phrase("embedding dropout") }),
    Declaration(
      "--weight-drop", \.weightDrop, in: .range(SettingRanges.dropout),
      sets: .chosen(\.training.regularization.weightDrop) { $0.phrase("weight drop") }),
    Declaration(
      "--ar", \.ar, in: .range(SettingRanges.penalty),
      sets: .chosen(\.training.regularization.activation) { $0.phrase("AR") }),
    Declaration(
      "--tar", \.tar, in: .range(SettingRanges.penalty),
      sets: .chosen(\.training.regularization.temporal) { $0.phrase("TAR") }),
  ]
}

extension Float {
  /// "weight drop 0.5"; nil for 0, which stands for off.
  func phrase(_ name: String) -> String? { self > 0 ? "\(name) \(Quantity.short(self))" : nil }
}
