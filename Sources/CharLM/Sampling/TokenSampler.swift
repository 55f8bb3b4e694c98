import CharLMText
import RecurrentNN

/// Draws tokens from logits through a chain of filters; copies share its scratch memory.
package struct TokenSampler {
  /// The usual filters, in one pass; nil where they are others.
  private var fused: FusedFilters?
  /// Other filters, one after the other.
  private var filters: [any SamplingFilter]
  private var scratch: Buffer<Float>  // (V)

  /// - Parameters:
  ///   - filters: in the order in which they are applied.
  ///   - isFused: whether the usual filters may be made in one pass; only a test says no.
  package init(_ filters: [any SamplingFilter], vocabularyCount: Int, isFused: Bool = true) {
    fused = isFused ? FusedFilters(filters) : nil
    self.filters = fused == nil ? filters : []
    scratch = Buffer(count: vocabularyCount)
  }

  /// A sampler of the settings' filters.
  package init(_ settings: SamplingSettings, tokenizer: Tokenizer) {
    self.init(settings.filters(for: tokenizer), vocabularyCount: tokenizer.vocabulary.count)
  }

  /// Takes note of a token that was read or drawn.
  package mutating func note(_ token: TokenID) {
    fused?.note(token)
    for number in filters.indices { filters[number].note(token) }
  }

  /// A token drawn from what the filters leave of softmax(logits).
  package mutating func draw(from logits: Span<Float>, using generator: inout SeededGenerator) -> TokenID {
    let weights = scratch.view[0..<logits.count]
    weights.copy(from: logits)
    if let fused {
      if let only = fused.apply(to: weights) { return only }
    } else {
      weights.withMutableSpan { logits in
        for number in filters.indices { filters[number].apply(to: &logits) }
        logits.scale(from: logits[logits.indexOfLargest], by: 1)
      }
      Kernels.exact.exponentiate(weights)
    }
    return TokenSampler.drawn(weights, using: &generator)
  }

  /// The same among the tokens that are not left out; the filters see these alone.
  /// - Parameter isLeftOut: by token; empty where none is.
  /// - Returns: nil where nothing is left.
  mutating func draw(
    from logits: Span<Float>, leavingOut isLeftOut: [Bool], using generator: inout SeededGenerator
  ) -> TokenID? {
    guard !isLeftOut.isEmpty else { return draw(from: logits, using: &generator) }
    guard isLeftOut.contains(false) else { return nil }
    let token = draw(from: logits.leavingOut(isLeftOut).span, using: &generator)
    return isLeftOut[Int(token)] ? nil : token
  }

  /// A copy with scratch memory of its own, for another thread.
  var independent: TokenSampler {
    var copy = self
    copy.scratch = Buffer(count: scratch.count)
    return copy
  }

  /// The same for a view.
  package mutating func draw(from logits: View<Float>, using generator: inout SeededGenerator) -> TokenID {
    logits.withSpan { draw(from: $0, using: &generator) }
  }

  private static func drawn(_ weights: View<Float>, using generator: inout SeededGenerator) -> TokenID {
    weights.withSpan { weights in
      var sum = 0.0
      for token in weights.indices { sum += Double(weights[token]) }
      var rest = generator.uniformDouble() * sum
      var last = 0
      for token in weights.indices where weights[token] > 0 {
        rest -= Double(weights[token])
        last = token
        if rest < 0 { break }
      }
      return TokenID(last)
    }
  }
}
