import CharLMText
import RecurrentNN

/// The usual filters in their usual order, made in one pass over the logits without a filter's own memory.
///
/// A list of filters compiles to this where each of these kinds is in it at most once and in this order:
/// `ForbiddenTokens`, `WholeScalars`, `RepeatPenalty`, `Temperature`, `MinP`, `TopK`, `TopP`. It leaves the relative
/// probabilities that the filters leave when they are applied one after the other (a test compares what is drawn).
struct FusedFilters {
  private var forbidden: ForbiddenTokens?
  private var scalars: WholeScalars?
  private var repeatPenalty: RepeatPenalty?
  private var temperature: Temperature?
  private var minP: MinP?
  private var head = Head()

  /// nil where the filters are others, or in another order.
  init?(_ filters: [any SamplingFilter]) {
    var rank = 0
    func isInOrder(_ next: Int) -> Bool {
      defer { rank = next }
      return next > rank
    }
    for filter in filters {
      switch filter {
      case let filter as ForbiddenTokens where isInOrder(1): forbidden = filter
      case let filter as WholeScalars where isInOrder(2): scalars = filter
      case let filter as RepeatPenalty where isInOrder(3): repeatPenalty = filter
      case let filter as Temperature where isInOrder(4): temperature = filter
      case let filter as MinP where isInOrder(5): minP = filter
      case let filter as TopK where isInOrder(6): head.count = filter.count
      case let filter as TopP where isInOrder(7): head.probability = filter.probability
      default: return nil
      }
    }
  }

  mutating func note(_ token: TokenID) {
    repeatPenalty?.note(token)
    scalars?.note(token)
  }

  /// Turns logits into relative probabilities, that of the likeliest being 1; what is left out becomes 0.
  /// - Returns: the only token that is left, where that is known without drawing.
  func apply(to logits: View<Float>) -> TokenID? {
    let likeliest = logits.withMutableSpan { logits in
      forbidden?.apply(to: &logits)
      scalars?.apply(to: &logits)
      repeatPenalty?.apply(to: &logits)
      return logits.indexOfLargest
    }
    if temperature?.value == 0 || head.count == 1 { return TokenID(likeliest) }
    let (largest, factor) = (logits[likeliest], temperature?.factor ?? 1)
    logits.withMutableSpan { $0.scale(from: largest, by: factor) }
    Kernels.exact.exponentiate(logits)
    if let minP {
      for token in 0..<logits.count where logits[token] < minP.part { logits[token] = 0 }
    }
    head.cut(logits)
    return nil
  }
}
