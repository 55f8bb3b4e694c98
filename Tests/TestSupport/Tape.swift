#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// A number on a `Tape`.
package struct Term: Hashable, Sendable {
  fileprivate let place: Int
}

/// Reverse-mode differentiation of arithmetic in Double: it records what is computed and runs it back.
///
/// The reference's gradients come from here and not from formulas of our own, so that an engine's gradient formula is
/// compared with the forward equations alone. A term's parents stand before it on the tape.
package final class Tape {
  private var values: [Double] = []
  private var edges: [Edge] = []  // to the parents of all terms, one after another
  private var ends: [Int] = []  // by term: where its edges end
  private var gradients: [Double] = []

  private struct Edge {
    let parent: Int
    let partial: Double  // ∂term/∂parent
  }

  package init() {}

  /// A number that is given.
  package func variable(_ value: Double) -> Term {
    values.append(value)
    ends.append(edges.count)
    return Term(place: values.count - 1)
  }

  /// Numbers that are given.
  package func variables(_ values: some Sequence<Double>) -> [Term] { values.map { variable($0) } }

  package func value(_ term: Term) -> Double { values[term.place] }

  package func values(_ terms: [Term]) -> [Double] { terms.map { values[$0.place] } }

  // MARK: Arithmetic

  /// Σ weights · inputs + Σ offsets.
  package func affine(_ weights: ArraySlice<Term>, _ inputs: [Term], plus offsets: [Term] = []) -> Term {
    precondition(weights.count == inputs.count, "\(weights.count) weights for \(inputs.count) inputs")
    var sum = 0.0
    // Indices, because a debug build is slow with anything finer.
    var index = 0
    while index < inputs.count {
      let (weight, input) = (weights[weights.startIndex + index].place, inputs[index].place)
      let (w, x) = (values[weight], values[input])
      sum += w * x
      edges.append(Edge(parent: weight, partial: x))
      edges.append(Edge(parent: input, partial: w))
      index += 1
    }
    for offset in offsets {
      sum += values[offset.place]
      edges.append(Edge(parent: offset.place, partial: 1))
    }
    return variable(sum)
  }

  /// Σ terms · factors, the factors being plain numbers.
  package func weightedSum(_ terms: [Term], _ factors: [Double]) -> Term {
    precondition(terms.count == factors.count, "\(terms.count) terms for \(factors.count) factors")
    var sum = 0.0
    for (term, factor) in zip(terms, factors) {
      sum += values[term.place] * factor
      edges.append(Edge(parent: term.place, partial: factor))
    }
    return variable(sum)
  }

  package func sum(_ terms: [Term]) -> Term { weightedSum(terms, [Double](repeating: 1, count: terms.count)) }

  package func product(_ a: Term, _ b: Term) -> Term { affine([a], [b]) }

  package func sigmoid(_ x: Term) -> Term {
    let y = 1 / (1 + exp(-values[x.place]))
    return function(x, y, slope: y * (1 - y))
  }

  package func tanh(_ x: Term) -> Term {
    let e = exp(-2 * abs(values[x.place]))
    let y = (1 - e) / (1 + e) * (values[x.place] < 0 ? -1 : 1)
    return function(x, y, slope: 1 - y * y)
  }

  package func relu(_ x: Term) -> Term {
    let value = values[x.place]
    return function(x, max(value, 0), slope: value > 0 ? 1 : 0)
  }

  package func inverseRoot(_ x: Term) -> Term {
    let y = 1 / values[x.place].squareRoot()
    return function(x, y, slope: -0.5 * y * y * y)
  }

  /// log Σ exp(terms).
  package func logSumExp(_ terms: [Term]) -> Term {
    let largest = terms.map { values[$0.place] }.max() ?? 0
    let powers = terms.map { exp(values[$0.place] - largest) }
    let total = powers.reduce(0, +)
    for (term, power) in zip(terms, powers) {
      edges.append(Edge(parent: term.place, partial: power / total))
    }
    return variable(largest + log(total))
  }

  private func function(_ x: Term, _ value: Double, slope: Double) -> Term {
    edges.append(Edge(parent: x.place, partial: slope))
    return variable(value)
  }

  // MARK: Gradients

  /// Finds the gradient of `result` with respect to everything before it.
  package func differentiate(_ result: Term) {
    gradients = [Double](repeating: 0, count: values.count)
    gradients[result.place] = 1
    for place in (0...result.place).reversed() where gradients[place] != 0 {
      let gradient = gradients[place]
      var index = place == 0 ? 0 : ends[place - 1]
      while index < ends[place] {
        gradients[edges[index].parent] += gradient * edges[index].partial
        index += 1
      }
    }
  }

  /// The gradients that `differentiate` found for these terms.
  package func gradients(_ terms: [Term]) -> [Double] { terms.map { gradients[$0.place] } }
}
