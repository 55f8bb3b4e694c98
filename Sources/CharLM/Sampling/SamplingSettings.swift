import CharLMText

/// How the next token is drawn from a predictor's probabilities.
public struct SamplingSettings: Codable, Hashable, Sendable {
  /// The default: small models write many words that do not exist above it, and repeat themselves and their corpus below
  /// it (Benchmarks/README.md). A min-p of 0.1 at 0.8 does as well, but changes what other temperatures mean.
  public static let usualTemperature: Float = 0.6

  /// Logits are divided by this; below 1 the likely becomes likelier. 0 takes the likeliest.
  public var temperature: Float
  /// Only this many of the likeliest tokens; nil for all.
  public var topK: Int?
  /// Only the likeliest tokens that together have this probability; nil for all.
  public var topP: Float?
  /// Only tokens at least this part as likely as the likeliest; nil for all.
  public var minP: Float?
  /// Divides (or, below zero, multiplies) the logits of the last 64 tokens; 1 for none (Keskar et al. 2019).
  public var repeatPenalty: Float

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

  /// The filters of these settings, in the order in which they are applied: repeat penalty, unknown token, whole scalars,
  /// temperature, min-p, top-k, top-p. What the settings leave open has no filter.
  /// - Precondition: the values are in the filters' ranges.
  public func filters(for tokenizer: Tokenizer) -> [any SamplingFilter] {
    let vocabulary = tokenizer.vocabulary
    let filters: [(any SamplingFilter)?] = [
      repeatPenalty == 1 ? nil : RepeatPenalty(repeatPenalty, ignoring: [vocabulary.documentID].compactMap(\.self)),
      ForbiddenTokens(unknownTokenOf: vocabulary),
      WholeScalars(for: tokenizer),
      Temperature(temperature),
      minP.map { MinP($0) },
      topK.map { TopK($0) },
      topP.map { TopP($0) },
    ]
    return filters.compactMap(\.self)
  }
}
