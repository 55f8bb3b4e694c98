import ArgumentParser
import CharLM
import RecurrentNN

/// The network's sizes; what is not given is chosen by the size of the corpus.
struct NetworkOptions: ParsableArguments, DeclaredOptions {
  @Option(help: "The recurrent cell (default: lstm).")
  var cell: CellKind?

  @Option(help: "The activation of an rnn cell (default: tanh).")
  var nonlinearity: Nonlinearity?

  @Option(parsing: .unconditional, help: ArgumentHelp("The number of stacked layers.", valueName: "number"))
  var layers: Int?

  @Option(parsing: .unconditional, help: ArgumentHelp("The width of a layer.", valueName: "number"))
  var hidden: Int?

  @Option(parsing: .unconditional, help: ArgumentHelp("The width of a token's vector.", valueName: "number"))
  var embedding: Int?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("Dropout between layers and before the decoder, 0 to 0.95.", valueName: "probability"))
  var dropout: Float?

  @Flag(
    inversion: .prefixedNo, exclusivity: .exclusive,
    help:
      "Share the weights of embedding and decoder (default: from 1,000 tokens on, unless the embedding's width is given)."
  )
  var tied: Bool?

  @Flag(help: "With --pairs: read the input in both directions.")
  var bidirectional = false

  @Flag(help: "Apply layer normalization to the gates.")
  var layerNorm = false

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      """
      Rounds in which a cell's input and state gate each other before it reads them, 0 to 6 (default: 2 where a \
      --budget reads a long text three times, else 0).
      """, valueName: "rounds"))
  var mogrify: Int?

  static let declarations: [Declaration<Self>] = [
    Declaration("--cell", \.cell, sets: .fixed(\.network.cell), excludedBy: [.initFrom]),
    Declaration(
      "--nonlinearity", \.nonlinearity, sets: .fixed(\.network.nonlinearity), excludedBy: [.initFrom],
      needs: Requirement(text: "--cell rnn") { $0.cell == .rnn }),
    Declaration(
      "--layers", \.layers, in: .range(SettingRanges.layers), sets: .chosen(\.network.layers), excludedBy: [.initFrom]),
    Declaration(
      "--hidden", \.hidden, in: .range(SettingRanges.width), sets: .chosen(\.network.hidden), excludedBy: [.initFrom]),
    Declaration(
      "--embedding", \.embedding, in: .range(SettingRanges.width), sets: .chosen(\.network.embedding),
      excludedBy: [.initFrom]),
    Declaration("--dropout", \.dropout, in: .range(SettingRanges.dropout), sets: .chosen(\.network.dropout)),
    Declaration(
      "--tied", flag: \.tied, inverse: "--no-tied", sets: .fixed(\.network.tied),
      excludedBy: [.initFrom, .pairs(because: "whose two sides have separate vocabularies")]),
    Declaration(
      "--bidirectional", flag: \.bidirectional, sets: .fixed(\.network.bidirectional), excludedBy: [.initFrom]),
    Declaration("--layer-norm", flag: \.layerNorm, sets: .fixed(\.network.layerNorm), excludedBy: [.initFrom]),
    Declaration(
      "--mogrify", \.mogrify, in: .range(SettingRanges.mogrifierRounds), sets: .chosen(\.network.mogrifierRounds),
      excludedBy: [.initFrom]),
  ]

  func validate() throws {
    try checkRanges()
    if tied == true, let embedding, let hidden, embedding != hidden {
      throw ValidationError(
        "--embedding \(embedding) and --hidden \(hidden) cannot be --tied; give both the same width")
    }
  }
}
