import ArgumentParser

/// Which texts are given of those that could be.
struct SelectionOptions: ParsableArguments, DeclaredOptions {
  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Instead of drawing, search for the likeliest texts: keep this many beginnings from token to token.",
      valueName: "number"))
  var beam: Int?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Generate this many texts for each sample, and keep the one that is likeliest for its length.",
      valueName: "number"))
  var bestOf: Int?

  @Flag(help: "With --count, generate texts that all differ.")
  var distinct = false

  @Option(
    parsing: .unconditionalSingleValue,
    help: ArgumentHelp(
      "Leave out texts that are a line or a document of this corpus, such as the names that a model was trained on.",
      valueName: "corpus"))
  var uniqueFrom: [String] = []

  static let declarations: [Declaration<Self>] = [
    Declaration("--beam", \.beam, in: .from(1, to: 1000)), Declaration("--best-of", \.bestOf, in: .from(1, to: 1000)),
    Declaration("--distinct", flag: \.distinct),
  ]

  /// Whether some texts may be left out, so that others have to be tried.
  var leavesOut: Bool { distinct || !uniqueFrom.isEmpty }

  /// "differ and are not in names.txt"; empty where no text is left out.
  var phrases: [String] {
    (distinct ? ["differ"] : [])
      + (uniqueFrom.isEmpty ? [] : ["are not in \(uniqueFrom.joined(separator: ", "))"])
  }
}
