import CharLM
import CharLMData
import CharLMText

/// Counts that a model is mixed with.
struct PrimedCounts {
  let counts: AdaptiveCounts

  /// - Parameters:
  ///   - training: what they know beforehand; nil for nothing.
  ///   - expectedCount: about how many tokens they are going to read.
  init(_ tokenizer: Tokenizer, _ training: TokenText?, expectedCount: Int, _ console: Console) throws {
    guard let training else {
      counts = AdaptiveCounts(tokenizer: tokenizer, expectedCount: expectedCount)
      return
    }
    console.say("counting \(Quantity.count(min(training.count, AdaptiveCounts.longestPriming), "training token"))")
    counts = try AdaptiveCounts(tokenizer: tokenizer, priming: training, expectedCount: expectedCount)
  }
}
