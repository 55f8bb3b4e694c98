import ArgumentParser
import CharLMData

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// What is said and how.
struct OutputOptions: ParsableArguments {
  @Flag(help: "Print the result as JSON on standard output.")
  var json = false

  @OptionGroup
  var quiet: QuietOption

  var console: Console { quiet.console }
}

/// `--quiet`.
struct QuietOption: ParsableArguments {
  @Flag(name: .customLong("quiet"), help: "Say nothing on standard error but errors.")
  var isQuiet = false

  var console: Console { Console(isQuiet: isQuiet) }
}

/// `--threads`.
struct ThreadOption: ParsableArguments {
  @Option(
    name: .long, parsing: .unconditional,
    help: ArgumentHelp("Threads to compute with (default: one for each core).", valueName: "number"))
  var threads: Int?

  func validate() throws { try Limits.check(threads, 1...1024, "--threads") }

  /// The number to use; it does not change a result.
  var count: Int { threads ?? max(1, min(ProcessInfo.processInfo.activeProcessorCount, 1024)) }
}

/// `--model` of the commands that read one.
struct ModelOption: ParsableArguments {
  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("The model (default: the newest that fits in models/).", valueName: "file"))
  var model: String?
}

/// `--model` of the commands that average the probabilities of several.
struct ModelsOption: ParsableArguments {
  @Option(
    name: .customLong("model"), parsing: .unconditionalSingleValue,
    help: ArgumentHelp(
      "The model (default: the newest that fits in models/); given several times, the mean of the models' probabilities.",
      valueName: "file"))
  var models: [String] = []
}

/// `--cache`.
struct CacheOption: ParsableArguments {
  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Where the tokens of large corpora are kept for later runs (default: $CHARLM_CACHE, else the user's caches).",
      valueName: "folder"))
  var cache: String?

  func validate() throws {
    if cache == "" { throw ValidationError("--cache is empty; name a folder, or leave it out") }
  }

  /// Where tokens are kept.
  var storage: TokenStorage { cache.map { TokenStorage(cacheFolder: $0) } ?? TokenStorage() }
}
