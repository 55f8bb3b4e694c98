import ArgumentParser
import CharLM
import CharLMText

/// How tokens are drawn: temperature and filters.
struct DrawingOptions: ParsableArguments, DeclaredOptions {
  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Lower is more predictable, higher makes up more words; 0 always takes the most likely token.",
      valueName: "number"))
  var temperature = SamplingSettings.usualTemperature

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "The temperature inside words, after a letter; --temperature counts elsewhere.", valueName: "number"))
  var wordTemperature: Float?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Let the temperature rise and fall by this much with the model's uncertainty.", valueName: "range"))
  var dynamicTemperature: Float?

  @Option(
    parsing: .unconditional, help: ArgumentHelp("Draw only from this many most likely tokens.", valueName: "number"))
  var topK: Int?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Draw only from the most likely tokens that together have this probability.", valueName: "probability"))
  var topP: Float?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Draw only from tokens at least this fraction as likely as the most likely.", valueName: "fraction"))
  var minP: Float?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Draw only from the most typical tokens that together have this probability.", valueName: "probability"))
  var typicalP: Float?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Draw only from tokens whose logits are at most this many standard deviations below the largest.",
      valueName: "number"))
  var topNSigma: Float?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("Keep the surprise of what is drawn near this many bits per token.", valueName: "bits"))
  var mirostat: Float?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("Make the last 64 tokens less likely; 1 has no effect.", valueName: "number"))
  var repeatPenalty: Float = 1

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Make it less likely that 16 tokens or more are repeated, by this many nats at first; 0.8 is usual.",
      valueName: "strength"))
  var dry: Float?

  @Option(
    parsing: .unconditionalSingleValue,
    help: ArgumentHelp(
      "Make characters more likely, or less: '[q]=-5', '[aeiou]=0.5' adds to their logits. May be repeated.",
      valueName: "set=number"), transform: BiasArgument.init(argument:))
  var logitBias: [BiasArgument] = []

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("Draw only these characters, such as '[a-z ]' or '[\\p{Greek}\\p{P} \\n]'.", valueName: "set"),
    transform: DrawingOptions.set)
  var allow: UnicodeSet?

  @Option(
    parsing: .unconditional, help: ArgumentHelp("Never draw these characters, such as '[0-9]'.", valueName: "set"),
    transform: DrawingOptions.set)
  var forbid: UnicodeSet?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "The filters in the order in which they are applied, commas between (default: "
        + FilterOrder.names.joined(separator: ", ") + ").", valueName: "names"), transform: FilterOrder.init(argument:))
  var samplers: FilterOrder?

  static let declarations: [Declaration<Self>] = [
    Declaration("--temperature", withDefault: \.temperature, in: .from(0, to: 1000)),
    Declaration("--word-temperature", \.wordTemperature, in: .from(0, to: 1000)),
    Declaration("--dynamic-temperature", \.dynamicTemperature, in: .from(0, to: 1000)),
    Declaration("--top-k", \.topK, in: .from(1, to: 10_000_000)),
    Declaration("--top-p", \.topP, in: .above(0, upTo: 1)),
    Declaration("--min-p", \.minP, in: .from(0, to: 1)),
    Declaration("--typical-p", \.typicalP, in: .above(0, upTo: 1)),
    Declaration("--top-n-sigma", \.topNSigma, in: .from(0, to: 1000)),
    Declaration("--mirostat", \.mirostat, in: .above(0, upTo: 100)),
    Declaration("--repeat-penalty", withDefault: \.repeatPenalty, in: .from(0.001, to: 1000)),
    Declaration("--dry", \.dry, in: .from(0, to: 1000)),
    Declaration("--allow", \.allow),
    Declaration("--forbid", \.forbid),
    Declaration("--samplers", \.samplers),
  ]

  func validate() throws {
    try checkRanges()
    try Limits.exclude([
      ("--word-temperature", wordTemperature != nil), ("--dynamic-temperature", dynamicTemperature != nil),
    ])
    guard let samplers else { return }
    for filter in filters where !samplers.filters.contains(filter) {
      throw ValidationError("--samplers leaves out \(filter.rawValue), so --\(filter.rawValue) has no effect; add it")
    }
  }

  /// The filters that were asked for; a temperature alone is not, because there is one by default.
  private var filters: [SamplingSettings.Filter] {
    let given: [(filter: SamplingSettings.Filter, isGiven: Bool)] = [
      (.repeatPenalty, repeatPenalty != 1), (.dry, dry != nil), (.logitBias, !logitBias.isEmpty),
      (.topNSigma, topNSigma != nil), (.temperature, wordTemperature != nil || dynamicTemperature != nil),
      (.typicalP, typicalP != nil), (.minP, minP != nil), (.topK, topK != nil), (.topP, topP != nil),
      (.mirostat, mirostat != nil),
    ]
    return given.filter(\.isGiven).map(\.filter)
  }

  /// The options that are given, or have a default, without their hyphens, and their values.
  var optionValues: [(name: String, value: String)] {
    let words = words()
    let pairs = stride(from: 0, to: words.count, by: 2).map { (String(words[$0].dropFirst(2)), words[$0 + 1]) }
    return pairs + logitBias.map { ("logit-bias", $0.argumentText) }
  }

  /// An option that only says how tokens are drawn; nil where none was given.
  var firstFilterName: String? {
    let isWarm = temperature != SamplingSettings.usualTemperature
    return isWarm ? "--temperature" : samplers != nil ? "--samplers" : filters.first.map { "--" + $0.rawValue }
  }

  /// The settings that were asked for.
  var settings: SamplingSettings {
    var settings = SamplingSettings(
      temperature: temperature, topK: topK, topP: topP, minP: minP, repeatPenalty: repeatPenalty)
    settings.temperatureRange = dynamicTemperature
    settings.wordTemperature = wordTemperature
    settings.typicalP = typicalP
    settings.topNSigma = topNSigma
    settings.mirostat = mirostat
    settings.dry = dry
    settings.biases = logitBias.map(\.bias)
    (settings.allowed, settings.forbidden) = (allow, forbid)
    if let samplers { settings.order = samplers.filters }
    return settings
  }

  private static func set(_ argument: String) throws -> UnicodeSet {
    do throws(TextError) { return try UnicodeSet(argument) } catch { throw ValidationError(error.description) }
  }
}

/// `[aeiou]=-0.5`.
struct BiasArgument: ArgumentText, Sendable {
  let bias: SamplingSettings.Bias
  let argumentText: String

  init(argument: String) throws {
    guard let bias = SamplingSettings.Bias(argument) else {
      throw ValidationError("it must be a set of characters and a number from -1000000 to 1000000, such as '[q]=-5'")
    }
    (self.bias, argumentText) = (bias, argument)
  }
}

/// Names of filters, each once, with commas between them.
struct FilterOrder: ArgumentText, Sendable {
  let filters: [SamplingSettings.Filter]

  static let names = SamplingSettings.Filter.allCases.map(\.rawValue)

  init(argument: String) throws {
    let words = argument.split(separator: ",", omittingEmptySubsequences: false).map { $0.filter { $0 != " " } }
    if let wrong = words.first(where: { SamplingSettings.Filter(rawValue: $0) == nil }) {
      let likely = Likeness.best(for: wrong, in: FilterOrder.names, key: { $0 })
      throw ValidationError("there is no filter '\(wrong)'" + (likely.map { "; did you mean '\($0)'?" } ?? ""))
    }
    guard Set(words).count == words.count else { throw ValidationError("a filter stands in it twice") }
    filters = words.compactMap { SamplingSettings.Filter(rawValue: $0) }
  }

  var argumentText: String { filters.map(\.rawValue).joined(separator: ",") }
}

extension TextExpression: ArgumentText {
  var argumentText: String { pattern }
}

extension UnicodeSet: ArgumentText {
  var argumentText: String { pattern }
}
