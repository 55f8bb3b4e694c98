import TestSupport
import Testing

@testable import CharLM
@testable import RecurrentNN

/// The loss of the text and the teachers together.
@Suite struct SoftTargetTests {
  /// (V, K): all tokens told apart, some, and one.
  private static let sizes = [(3, 3), (7, 3), (40, 16), (5, 1)]

  @Test("the gradient is the slope of the loss", arguments: sizes, [0.25, 1] as [Float])
  func slope(_ size: (vocabulary: Int, outcomes: Int), weight: Float) {
    let (vocabularyCount, outcomeCount) = size
    var random = RandomValues(seed: 11)
    let scale: Float = 0.125
    let targets: [Int32] = [0, Int32(vocabularyCount - 1), -1, 1]
    let softTargets = SoftTargets(rowCount: targets.count, outcomeCount: outcomeCount, weight: weight)
    let logits = Buffer<Float>(count: targets.count * vocabularyCount)
    for place in 0..<logits.count { logits.view[place] = Float.random(in: -3...3, using: &random) }
    for row in targets.indices {
      let tokens = (0..<vocabularyCount).shuffled(using: &random).prefix(outcomeCount)
      let masses = tokens.map { _ in Float.random(in: 0.1...1, using: &random) }
      // Some mass is left to the tokens that are not told apart.
      let sum = masses.reduce(0, +) / (outcomeCount < vocabularyCount ? 0.8 : 1)
      for (place, token) in tokens.enumerated() {
        softTargets[row][place] = SoftTargets.Outcome(Int32(token), probability: masses[place] / sum)
      }
    }
    let before = logits.view.array
    let gradients = logits.view.matrix(targets.count, vocabularyCount)
    let targetBuffer = Buffer<Int32>(count: targets.count)
    for (row, target) in targets.enumerated() { targetBuffer.view[row] = target }
    _ = Kernels.active.crossEntropyGradient(gradients, targets: targetBuffer.view, scale: scale)
    softTargets.soften(gradients, targets: targetBuffer.view, scale: scale)

    for (row, target) in targets.enumerated() {
      let values = before[row * vocabularyCount..<(row + 1) * vocabularyCount].map { Double($0) }
      for token in 0..<vocabularyCount {
        var slope = 0.0
        if target >= 0 {
          func loss(_ shift: Double) -> Double {
            var values = values
            values[token] += shift
            return self.loss(values, Int(target), softTargets[row], weight: Double(weight))
          }
          slope = Double(scale) * (loss(1e-5) - loss(-1e-5)) / 2e-5
        }
        #expect(abs(Double(gradients.row(row)[token]) - slope) < 2e-5, "row \(row), token \(token)")
      }
    }
  }

  /// −(1 − w) log p − w Σ q log p − w r log P of one row, P being what the network gives the tokens not told apart; where
  /// the target is one of these, −w log (p / P), too.
  private func loss(
    _ logits: [Double], _ target: Int, _ outcomes: View<SoftTargets.Outcome>, weight: Double
  ) -> Double {
    let logSum = logarithm(logits.map { exponential($0) }.reduce(0, +))
    var (loss, taught, known) = (-(1 - weight) * (logits[target] - logSum), 0.0, 0.0)
    for place in 0..<outcomes.count {
      let (token, probability) = (outcomes[place].token, Double(outcomes[place].probability))
      loss -= weight * probability * (logits[token] - logSum)
      taught += probability
      known += exponential(logits[token] - logSum)
    }
    if outcomes.count < logits.count { loss -= weight * (1 - taught) * logarithm(1 - known) }
    if !(0..<outcomes.count).contains(where: { outcomes[$0].token == target }) {
      loss -= weight * (logits[target] - logSum - logarithm(1 - known))
    }
    return loss
  }

  @Test("a token and its probability keep their places")
  func outcomes() {
    for (token, probability) in [(0, 0), (65535, 1), (77, 0.5), (1, 1e-4)] as [(Int32, Float)] {
      let outcome = SoftTargets.Outcome(token, probability: probability)
      #expect(outcome.token == Int(token))
      #expect(outcome.probability <= probability && outcome.probability > probability - 1.6e-5)
    }
  }
}
