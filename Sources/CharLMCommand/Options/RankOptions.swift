import ArgumentParser
import CharLM
import CharLMTraining
import RecurrentNN

/// How several processes, which MPI's launcher has started, train together.
struct RankOptions: ParsableArguments, DeclaredOptions {
  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Steps that each process makes by itself before they average what they have learned; 1 to share each step "
        + "(default: measured at the start).", valueName: "number"))
  var syncEvery: Int?

  @Option(
    help: ArgumentHelp(
      "The number format of gradients sent; bf16 halves the traffic (default: float32).", valueName: "precision"))
  var wire: Precision?

  @Flag(help: "Train a model in each process, alike but for the random seed: teachers for 'charlm distil'.")
  var members = false

  static let declarations: [Declaration<Self>] = [
    Declaration("--sync-every", \.syncEvery, in: .range(SettingRanges.syncInterval), excludedBy: [.findLearningRate]),
    Declaration("--wire", \.wire, excludedBy: [.resume, .findLearningRate]),
    Declaration("--members", flag: \.members, excludedBy: [.resume, .findLearningRate, .pairs]),
  ]

  func validate() throws {
    try checkRanges()
    try Limits.exclude([("--members", members), ("--sync-every", syncEvery != nil)])
    try Limits.exclude([("--members", members), ("--wire", wire != nil)])
  }

  /// The options that are given, all of which need several processes.
  var given: String? { Self.declarations.first { $0.isGiven(in: self) }?.name }
}
