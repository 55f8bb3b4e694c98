import CharLM
import CharLMText

/// The fields that say how tokens are drawn, by the names of the options of `charlm sample`.
enum SamplingFields {
  /// All of them.
  static let all: [Field] = [
    Field(
      "temperature", .number(0...1000), "Lower is more predictable, higher makes up more words; 0 takes the likeliest.",
      standard: .number(0.6)),
    Field("word_temperature", .number(0...1000), "The temperature inside words, after a letter."),
    Field(
      "dynamic_temperature", .number(0...1000), "How far the temperature rises and falls with the model's uncertainty."),
    Field("top_k", .integer(1...10_000_000), "Draw only from this many of the likeliest tokens."),
    Field("top_p", .number(0...1, above: true), "Draw only from the likeliest that together have this probability."),
    Field("min_p", .number(0...1), "Draw only from tokens at least this part as likely as the likeliest."),
    Field(
      "typical_p", .number(0...1, above: true), "Draw only from the most typical that together have this probability."),
    Field(
      "top_n_sigma", .number(0...1000), "Draw only from logits at most this many standard deviations below the largest."
    ),
    Field("mirostat", .number(0...100, above: true), "Keep the surprise near this many bits per token."),
    Field(
      "repeat_penalty", .number(0.001...1000), "Make the last 64 tokens less likely; 1 has no effect.",
      standard: .whole(1)),
    Field("dry", .number(0...1000), "Make long repetitions less likely, by this many nats at first."),
    Field(
      "logit_bias", .list(.text(bytes: 1000), most: 100),
      "Make characters more likely, or less: '[q]=-5' adds to the logits of these characters."),
    Field("allow", .text(bytes: 1000), "Draw only these characters, such as '[a-z ]'."),
    Field("forbid", .text(bytes: 1000), "Never draw these characters, such as '[0-9]'."),
    Field(
      "samplers", .list(.choice(SamplingSettings.Filter.allCases.map(\.rawValue)), most: 10),
      "The filters in the order in which they are applied."),
  ]
}

extension FieldValues {
  /// The sampling settings that a request asks for.
  /// - Throws: `RequestError` where a set of characters is malformed, or leaves nothing to draw.
  func sampling(for vocabulary: Vocabulary) throws(RequestError) -> SamplingSettings {
    var settings = SamplingSettings(
      temperature: number("temperature") ?? SamplingSettings.usualTemperature, topK: integer("top_k"),
      topP: number("top_p"), minP: number("min_p"), repeatPenalty: number("repeat_penalty") ?? 1)
    settings.wordTemperature = number("word_temperature")
    settings.temperatureRange = number("dynamic_temperature")
    if has("word_temperature"), has("dynamic_temperature") {
      throw .wrong("word_temperature", "and dynamic_temperature exclude each other; give one of them")
    }
    settings.typicalP = number("typical_p")
    settings.topNSigma = number("top_n_sigma")
    settings.mirostat = number("mirostat")
    settings.dry = number("dry")
    settings.allowed = try set("allow")
    settings.forbidden = try set("forbid")
    for bias in texts("logit_bias") { settings.biases.append(try FieldValues.bias(bias)) }
    if has("samplers") {
      settings.order = texts("samplers").compactMap { SamplingSettings.Filter(rawValue: $0) }
      if Set(settings.order).count < settings.order.count { throw .wrong("samplers", "has a filter twice") }
    }
    try check(settings, for: vocabulary)
    return settings
  }

  private func set(_ name: String) throws(RequestError) -> UnicodeSet? {
    guard let pattern = text(name) else { return nil }
    do throws(TextError) { return try UnicodeSet(pattern) } catch { throw .wrong(name, "is wrong: \(error)") }
  }

  private static func bias(_ text: String) throws(RequestError) -> SamplingSettings.Bias {
    guard let bias = SamplingSettings.Bias(text) else {
      throw .wrong(
        "logit_bias", "must be sets of characters, each with a number from -1000000 to 1000000, such as '[q]=-5'")
    }
    return bias
  }

  /// Something must be left to draw.
  private func check(_ settings: SamplingSettings, for vocabulary: Vocabulary) throws(RequestError) {
    guard settings.allowed != nil || settings.forbidden != nil else { return }
    let excluded = Set(settings.excludedTokens(of: vocabulary))
    let isLeft = (0..<TokenID(vocabulary.count)).contains { !excluded.contains($0) && $0 != vocabulary.documentID }
    if !isLeft {
      throw .wrong(has("allow") ? "allow" : "forbid", "leaves none of the model's tokens to draw")
    }
  }
}
