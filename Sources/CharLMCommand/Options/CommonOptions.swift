import ArgumentParser
import CharLMData

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// What is printed, and how.
struct OutputOptions: ParsableArguments, DeclaredOptions {
  @Flag(help: "Print the result as JSON on standard output.")
  var json = false

  @OptionGroup
  var quiet: QuietOption

  static let declarations: [Declaration<Self>] = [Declaration("--json", flag: \.json)] + Declaration.group(\.quiet)

  var console: Console { quiet.console }
}

/// `--quiet`.
struct QuietOption: ParsableArguments, DeclaredOptions {
  @Flag(name: .customLong("quiet"), help: "Print nothing but errors on standard error.")
  var isQuiet = false

  static let declarations: [Declaration<Self>] = [Declaration("--quiet", flag: \.isQuiet)]

  var console: Console { Console(isQuiet: isQuiet) }
}

/// `--threads`.
struct ThreadOption: ParsableArguments, DeclaredOptions {
  @Option(
    name: .long, parsing: .unconditional,
    help: ArgumentHelp("Threads to compute with (default: one per core).", valueName: "number"))
  var threads: Int?

  static let declarations: [Declaration<Self>] = [Declaration("--threads", \.threads, in: .from(1, to: 1024))]

  /// The number to use; it does not change a result.
  var count: Int { threads ?? max(1, min(ProcessInfo.processInfo.activeProcessorCount, 1024)) }
}

/// `--model` of the commands that read one.
struct ModelOption: ParsableArguments {
  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("The model (default: the newest suitable one in models/).", valueName: "file"))
  var model: String?
}

/// `--model` of the commands that average the probabilities of several.
struct ModelsOption: ParsableArguments {
  @Option(
    name: .customLong("model"), parsing: .unconditionalSingleValue,
    help: ArgumentHelp(
      "The model (default: the newest suitable one in models/); repeat it to average the probabilities of several.",
      valueName: "file"))
  var models: [String] = []
}

/// `--cache`.
struct CacheOption: ParsableArguments, DeclaredOptions {
  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Folder for the tokens of large corpora, reused by later runs (default: $CHARLM_CACHE, else the user's cache "
        + "folder).", valueName: "folder"))
  var cache: String?

  static let declarations: [Declaration<Self>] = [
    Declaration("--cache", \.cache, excludedBy: [.pairs])
  ]

  /// Where tokens are kept.
  var storage: TokenStorage { cache.map { TokenStorage(cacheFolder: $0) } ?? TokenStorage() }
}
