import ArgumentParser
import CharLM

/// How long to train.
struct LengthOptions: ParsableArguments, DeclaredOptions {
  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("Passes through the training text, such as 2.5.", valueName: "number"))
  var epochs: Double?

  @Option(parsing: .unconditional, help: ArgumentHelp("The number of training steps.", valueName: "number"))
  var steps: Int?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Time from start to final save: 90s, 10m, 1h30m; the network is sized to suit it.", valueName: "time"),
    transform: TimeSpan.init(argument:))
  var budget: TimeSpan?

  static let declarations: [Declaration<Self>] = [
    Declaration("--epochs", \.epochs, in: .range(SettingRanges.epochs), sets: .length { .epochs($0) }),
    Declaration("--steps", \.steps, in: .range(SettingRanges.steps), sets: .length { .steps($0) }),
    Declaration("--budget", \.budget, sets: .length { .budget(seconds: $0.seconds) }),
  ]

  func validate() throws {
    try Limits.exclude([("--epochs", epochs != nil), ("--steps", steps != nil), ("--budget", budget != nil)])
    try checkRanges()
  }
}
