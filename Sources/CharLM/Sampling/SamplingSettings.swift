import CharLMText

/// How the next token is drawn from a predictor's probabilities: which filters they pass, and in which order.
public struct SamplingSettings: Codable, Hashable, Sendable {
  /// The default: small models write many words that do not exist above it, and repeat themselves and their corpus below
  /// it (Benchmarks/README.md). A min-p of 0.1 at 0.8 does as well, but changes what other temperatures mean.
  public static let usualTemperature: Float = 0.6

  /// Logits are divided by this; below 1 the likely becomes likelier. 0 takes the likeliest.
  public var temperature: Float
  /// How far the temperature follows the predictor's uncertainty, below and above `temperature`; see
  /// `DynamicTemperature`.
  public var temperatureRange: Float?
  /// The temperature inside words, where it is another; see `WordTemperature`.
  public var wordTemperature: Float?
  /// Only this many of the likeliest tokens; nil for all.
  public var topK: Int?
  /// Only the likeliest tokens that together have this probability; nil for all.
  public var topP: Float?
  /// Only tokens at least this part as likely as the likeliest; nil for all.
  public var minP: Float?
  /// Only the most typical tokens that together have this probability; see `TypicalP`.
  public var typicalP: Float?
  /// Only tokens whose logits are at most so many standard deviations below the largest; see `TopNSigma`.
  public var topNSigma: Float?
  /// The surprise to reach on average, in bits per token; see `Mirostat`.
  public var mirostat: Float?
  /// Divides (or, below zero, multiplies) the logits of the last 64 tokens; 1 for none (Keskar et al. 2019).
  public var repeatPenalty: Float
  /// What it costs to go on with a repetition, in nats; see `DontRepeatYourself`.
  public var dry: Float?
  /// What is added to the logits of tokens whose characters are all in a set.
  public var biases: [Bias] = []
  /// Only tokens whose characters are all in this set, and the end of a document; nil for all. What is a part of a
  /// character alone, as in a vocabulary of bytes, is never in it.
  public var allowed: UnicodeSet?
  /// No token with a character in this set.
  public var forbidden: UnicodeSet?
  /// The order of the filters; one that is missing here is not applied. Tokens that must not be drawn are always left out
  /// first.
  public var order: [Filter] = Filter.allCases

  /// What is added to the logits of certain tokens.
  public struct Bias: Codable, Hashable, Sendable {
    /// The characters of the tokens.
    public var set: UnicodeSet
    /// What is added, in nats.
    public var value: Float

    /// Adds a value to the tokens of a set.
    public init(_ value: Float, to set: UnicodeSet) { (self.set, self.value) = (set, value) }

    /// A set and a value as people write them, `[q]=-5`; nil for anything else, and for values beyond a million, whose sums
    /// would no longer be numbers.
    public init?(_ text: String) {
      guard let equals = text.lastIndex(of: "="), let value = Float(text[text.index(after: equals)...]),
        abs(value) <= 1e6, let set = try? UnicodeSet(String(text[..<equals]))
      else { return nil }
      self.init(value, to: set)
    }
  }

  /// A filter by its name, in the usual order.
  public enum Filter: String, Codable, CaseIterable, Sendable {
    case repeatPenalty = "repeat-penalty"
    case dry
    case logitBias = "logit-bias"
    case topNSigma = "top-n-sigma"
    case temperature
    case typicalP = "typical-p"
    case minP = "min-p"
    case topK = "top-k"
    case topP = "top-p"
    case mirostat
  }

  /// Settings of a sample; without arguments, those of `usualTemperature` alone.
  public init(
    temperature: Float = usualTemperature, topK: Int? = nil, topP: Float? = nil, minP: Float? = nil,
    repeatPenalty: Float = 1
  ) {
    self.temperature = temperature
    self.topK = topK
    self.topP = topP
    self.minP = minP
    self.repeatPenalty = repeatPenalty
  }
}

extension SamplingSettings {
  /// The filters of these settings, in their order, after those that leave out what must not be drawn: the unknown token,
  /// what is forbidden or not allowed, parts of scalars. What the settings leave open has no filter.
  /// - Precondition: the values are in the filters' ranges, and something is left to draw.
  public func filters(for tokenizer: Tokenizer) -> [any SamplingFilter] {
    let vocabulary = tokenizer.vocabulary
    let exclusions: [(any SamplingFilter)?] = [
      ForbiddenTokens(excludedTokens(of: vocabulary)), WholeScalars(for: tokenizer),
    ]
    return (exclusions + order.map { filter($0, vocabulary) }).compactMap(\.self)
  }

  /// The filter of a name; nil where the settings leave it open.
  private func filter(_ name: Filter, _ vocabulary: Vocabulary) -> (any SamplingFilter)? {
    switch name {
    case .repeatPenalty:
      repeatPenalty == 1 ? nil : RepeatPenalty(repeatPenalty, ignoring: [vocabulary.documentID].compactMap(\.self))
    case .dry: dry.map { DontRepeatYourself($0, vocabulary) }
    case .logitBias: biases.isEmpty ? nil : LogitBias(tokenBiases(vocabulary))
    case .topNSigma: topNSigma.map { TopNSigma($0) }
    case .temperature: temperatureFilter(vocabulary)
    case .typicalP: typicalP.map { TypicalP($0) }
    case .minP: minP.map { MinP($0) }
    case .topK: topK.map { TopK($0) }
    case .topP: topP.map { TopP($0) }
    case .mirostat: mirostat.map { Mirostat(target: $0) }
    }
  }

  private func temperatureFilter(_ vocabulary: Vocabulary) -> any SamplingFilter {
    if let temperatureRange {
      let least = max(temperature - temperatureRange, 0.01)
      return DynamicTemperature(least...max(least, temperature + temperatureRange))
    }
    return wordTemperature.map { WordTemperature(inside: $0, outside: temperature, vocabulary) }
      ?? Temperature(temperature)
  }

  /// The tokens that are never drawn.
  public func excludedTokens(of vocabulary: Vocabulary) -> [TokenID] {
    if allowed == nil, forbidden == nil { return [vocabulary.unknownID].compactMap(\.self) }
    return (0..<TokenID(vocabulary.count)).filter { token in
      if token == vocabulary.documentID { return false }
      if token == vocabulary.unknownID { return true }
      let bytes = vocabulary.bytes(of: token)
      let isAllowed = allowed.map { $0.containsAll(of: bytes) } ?? true
      return !isAllowed || forbidden.map { $0.containsAny(of: bytes) } ?? false
    }
  }

  private func tokenBiases(_ vocabulary: Vocabulary) -> [TokenID: Float] {
    var sums: [TokenID: Float] = [:]
    for token in 0..<TokenID(vocabulary.count) {
      for bias in biases where bias.set.containsAll(of: vocabulary.bytes(of: token)) {
        sums[token, default: 0] += bias.value
      }
    }
    return sums
  }
}
