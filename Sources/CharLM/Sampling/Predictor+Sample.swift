import CharLMText

extension Predictor {
  /// Continues a text.
  ///
  ///     print(try model.sample("Once upon a time", length: 200))
  ///
  /// - Parameters:
  ///   - seed: the text to continue; without one, a text is begun.
  ///   - length: the number of tokens to draw.
  ///   - randomSeed: the same seed gives the same text.
  /// - Returns: the seed and what follows it.
  /// - Throws: `TextError.unknownToken` where the seed has tokens that the vocabulary lacks.
  public func sample(
    _ seed: String = "", length: Int, sampling: SamplingSettings = SamplingSettings(),
    randomSeed: UInt64 = .random(in: .min ... .max)
  ) throws(TextError) -> String {
    let seed = try SampleSeed(seed, for: self)
    return TextStream(self, seed: seed, length: length, sampling: sampling, randomSeed: randomSeed).joined()
  }
}
