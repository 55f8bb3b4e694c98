import ArgumentParser
import CharLM

/// What acts against overfitting beside --dropout.
struct RegularizationOptions: ParsableArguments {
  @Flag(help: "Dropout keeps one mask for all time steps of a chunk.")
  var lockedDropout = false

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("Drop whole tokens from the embedding, 0 to 0.95 (default: chosen).", valueName: "probability"))
  var embeddingDropout: Float?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("Drop elements of the recurrent weights, 0 to 0.95 (default: chosen).", valueName: "probability")
  )
  var weightDrop: Float?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("Activation regularization: of the outputs' mean square (default: chosen).", valueName: "factor")
  )
  var ar: Float?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Temporal activation regularization: of the mean square of their changes (default: 0).", valueName: "factor"))
  var tar: Float?

  func validate() throws {
    try Limits.check(embeddingDropout, 0...0.95, "--embedding-dropout")
    try Limits.check(weightDrop, 0...0.95, "--weight-drop")
    try Limits.check(ar, 0...1000, "--ar")
    try Limits.check(tar, 0...1000, "--tar")
  }

  /// The options that were given, as they are written.
  var given: [String] {
    given(
      ("--locked-dropout", lockedDropout), ("--embedding-dropout", embeddingDropout != nil),
      ("--weight-drop", weightDrop != nil), ("--ar", ar != nil), ("--tar", tar != nil))
  }

  /// As a request; what was not given is chosen.
  var requested: RequestedRegularization {
    RequestedRegularization(
      isLocked: lockedDropout ? true : nil, embeddingDropout: embeddingDropout, weightDrop: weightDrop, activation: ar,
      temporal: tar)
  }
}

extension Regularization {
  /// For people: "locked dropout, weight drop 0.5, AR 2, TAR 1"; empty where all is off.
  var summary: String {
    var parts = isLocked ? ["locked dropout"] : []
    for (name, value) in [
      ("embedding dropout", embeddingDropout), ("weight drop", weightDrop), ("AR", activation), ("TAR", temporal),
    ] where value > 0 {
      parts.append("\(name) \(Quantity.short(value))")
    }
    return parts.joined(separator: ", ")
  }
}
