import CharLMText
import RecurrentNN

/// One step from a predictor's logits to the token that is drawn: it changes the logits, and leaves a token out by making
/// its logit −∞. At least one token must stay.
///
/// A small value that can be tested alone. `SamplingSettings.filters(for:)` gives the usual ones in their usual order; any
/// list of filters in any order can be given to a `Generator`.
public protocol SamplingFilter: Sendable {
  /// Takes note of a token that was read or drawn.
  mutating func note(_ token: TokenID)

  /// Changes the logits, (V), of what comes next. A filter may keep what it saw of them for the next `note`.
  mutating func apply(to logits: inout MutableSpan<Float>)
}

extension SamplingFilter {
  /// Nothing: what was read does not matter to this filter.
  public mutating func note(_ token: TokenID) {}
}

extension MutableSpan where Element == Float {
  /// The first of the largest.
  var indexOfLargest: Int {
    var best = 0
    for index in indices where self[index] > self[best] { best = index }
    return best
  }

  /// Every x becomes (x − largest) · factor, so that the largest becomes 0.
  mutating func scale(from largest: Float, by factor: Float) {
    for index in indices { self[index] = (self[index] - largest) * factor }
  }

  /// exp(x − largest) of each x: probabilities up to a factor, that of the likeliest is 1.
  var relativeProbabilities: Buffer<Float> {
    let weights = Buffer<Float>(count: count)
    weights.view.copy(from: span)
    let largest = self[indexOfLargest]
    weights.view.withMutableSpan { $0.scale(from: largest, by: 1) }
    Kernels.exact.exponentiate(weights.view)
    return weights
  }

  /// Leaves out the tokens whose weight is 0.
  mutating func removeTokens(withoutWeightIn weights: View<Float>) {
    for token in indices where weights[token] == 0 { self[token] = -.infinity }
  }
}
