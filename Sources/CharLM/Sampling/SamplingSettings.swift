/// How the next token is drawn from a model's probabilities.
public struct SamplingSettings: Codable, Hashable, Sendable {
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

  /// Settings of a sample.
  public init(
    temperature: Float = 0.8, topK: Int? = nil, topP: Float? = nil, minP: Float? = nil, repeatPenalty: Float = 1
  ) {
    self.temperature = temperature
    self.topK = topK
    self.topP = topP
    self.minP = minP
    self.repeatPenalty = repeatPenalty
  }
}
