import CharLMText
import TestSupport

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// A random source in which a symbol's probabilities depend on the two before it: its entropy is known exactly, and no
/// model can predict it better.
struct MarkovSource {
  let symbolCount: Int
  /// By the two symbols before, a · symbolCount + b, then the next: its probability.
  let probabilities: [[Double]]

  /// - Parameter skew: how unequal the probabilities of a context are; 0 for uniform.
  init(symbolCount: Int, skew: Double, seed: Int) {
    self.symbolCount = symbolCount
    var random = RandomValues(seed: seed)
    probabilities = (0..<symbolCount * symbolCount).map { _ in
      let weights = (0..<symbolCount).map { _ in exp(skew * Double.random(in: -1..<1, using: &random)) }
      let total = weights.reduce(0, +)
      return weights.map { $0 / total }
    }
  }

  /// Σ π(ab) H(p(· | ab)) in nats, π being the stationary distribution of pairs.
  var entropyRate: Double {
    zip(stationary, probabilities).reduce(0) { sum, pair in
      sum + pair.0 * pair.1.reduce(0) { $0 - $1 * log($1) }
    }
  }

  /// The entropy that remains where only the last symbol is known: Σ π(b) H(Σ π(a | b) p(· | ab)).
  var entropyRateOfOneSymbol: Double {
    let pairs = stationary
    return (0..<symbolCount).reduce(0) { sum, last in
      let masses = (0..<symbolCount).map { next in
        (0..<symbolCount).reduce(0) { mass, first in
          let pair = first * symbolCount + last
          return mass + pairs[pair] * probabilities[pair][next]
        }
      }
      let total = masses.reduce(0, +)
      return sum - masses.reduce(0) { $0 + $1 * log($1 / total) }
    }
  }

  /// The distribution of pairs, by power iteration until it rests.
  private var stationary: [Double] {
    var present = [Double](repeating: 1 / Double(probabilities.count), count: probabilities.count)
    for _ in 0..<10_000 {
      var next = [Double](repeating: 0, count: present.count)
      for (pair, mass) in present.enumerated() {
        for (symbol, probability) in probabilities[pair].enumerated() {
          next[pair % symbolCount * symbolCount + symbol] += mass * probability
        }
      }
      let change = zip(present, next).reduce(0) { max($0, abs($1.0 - $1.1)) }
      present = next
      if change < 1e-15 { break }
    }
    return present
  }

  /// A text of the source. The first two symbols are uniform; the rest follows the probabilities.
  func text(count: Int, seed: Int) -> TokenSequence {
    var random = RandomValues(seed: seed)
    var tokens = TokenSequence(vocabularyCount: symbolCount)
    var pair = Int.random(in: 0..<symbolCount * symbolCount, using: &random)
    for _ in 0..<count {
      var rest = Double.random(in: 0..<1, using: &random)
      var symbol = 0
      while symbol < symbolCount - 1, rest >= probabilities[pair][symbol] {
        rest -= probabilities[pair][symbol]
        symbol += 1
      }
      tokens.append(TokenID(symbol))
      pair = pair % symbolCount * symbolCount + symbol
    }
    return tokens
  }

  /// −log p of each token of a text from the third on, in nats.
  func surprisals(of tokens: TokenSequence) -> [Double] {
    (2..<tokens.count).map { place in
      -log(probabilities[Int(tokens[place - 2]) * symbolCount + Int(tokens[place - 1])][Int(tokens[place])])
    }
  }
}
