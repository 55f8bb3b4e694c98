import ArgumentParser
import RecurrentNN

/// The network's sizes; what is not given is chosen from the corpus's size.
struct ModelOptions: ParsableArguments {
  @Option(help: "The recurrent cell (default: lstm).")
  var cell: CellKind?

  @Option(help: "What an rnn cell applies (default: tanh).")
  var nonlinearity: Nonlinearity?

  @Option(parsing: .unconditional, help: ArgumentHelp("Stacked layers.", valueName: "number"))
  var layers: Int?

  @Option(parsing: .unconditional, help: ArgumentHelp("The width of a layer.", valueName: "number"))
  var hidden: Int?

  @Option(parsing: .unconditional, help: ArgumentHelp("The width of a token's vector.", valueName: "number"))
  var embedding: Int?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("Dropout between layers and before the decoder, 0 to 0.95.", valueName: "probability"))
  var dropout: Float?

  @Flag(help: "Use the embedding as the decoder's weight.")
  var tied = false

  @Flag(help: "With --pairs: each layer also reads from the end.")
  var bidirectional = false

  @Flag(help: "Normalize each layer's gates: layer normalization.")
  var layerNorm = false

  func validate() throws {
    try Limits.check(layers, 1...64, "--layers")
    try Limits.check(hidden, 1...65536, "--hidden")
    try Limits.check(embedding, 1...65536, "--embedding")
    try Limits.check(dropout, 0...0.95, "--dropout")
    if tied, let embedding, let hidden, embedding != hidden {
      throw ValidationError(
        "--embedding \(embedding) and --hidden \(hidden) cannot be --tied; give both the same width")
    }
  }

  /// The options that were given, as they are written.
  var given: [String] {
    given(
      ("--cell", cell != nil), ("--nonlinearity", nonlinearity != nil), ("--layers", layers != nil),
      ("--hidden", hidden != nil), ("--embedding", embedding != nil), ("--dropout", dropout != nil), ("--tied", tied),
      ("--bidirectional", bidirectional), ("--layer-norm", layerNorm))
  }
}

extension ParsableArguments {
  /// The names whose condition holds.
  func given(_ options: (name: String, isGiven: Bool)...) -> [String] { options.filter(\.isGiven).map(\.name) }
}
