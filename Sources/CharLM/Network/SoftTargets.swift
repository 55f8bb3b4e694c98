import CharLMText
import RecurrentNN

/// What teachers predict for each row of a chunk: the likeliest tokens with their probabilities, and all others together.
///
/// Letters: N rows, V vocabulary, K outcomes that are told apart.
///
/// Checked against the loss in Double (Tests/CharLMTrainingTests/Distillation): `swift test --filter SoftTargetTests`.
package final class SoftTargets {
  /// A token and its probability in 32 bits.
  package struct Outcome: BitwiseCopyable, Hashable, Sendable {
    private let bits: UInt32

    /// Tokens above are not told apart.
    package static let tokenLimit = 1 << 16

    /// - Parameter probability: rounded down to a multiple of 1/65535, so that the sum of several stays at most 1.
    /// - Precondition: the token is below `tokenLimit`, and the probability is a number.
    package init(_ token: TokenID, probability: Float) {
      bits = UInt32(UInt16(token)) << 16 | UInt32(min(max(probability, 0), 1) * 65535)
    }

    package var token: Int { Int(bits >> 16) }
    package var probability: Float { Float(bits & 0xFFFF) / 65535 }
  }

  /// K: how many tokens are told apart in a row.
  package let outcomeCount: Int
  /// w: how much of the loss is the teachers'.
  private let weight: Float
  private let outcomes: Buffer<Outcome>  // (N, K)
  /// The network's probabilities of a row's outcomes.
  private let predicted: Buffer<Float>

  package init(rowCount: Int, outcomeCount: Int, weight: Float) {
    self.outcomeCount = outcomeCount
    self.weight = weight
    outcomes = Buffer(count: rowCount * outcomeCount)
    predicted = Buffer(count: outcomeCount)
  }

  /// The K outcomes of a row, distinct tokens.
  package subscript(row: Int) -> View<Outcome> { outcomes.view[row * outcomeCount..<(row + 1) * outcomeCount] }

  /// Turns the gradient of the loss of the text, scale · (p − 1 at the target), into that of the whole loss:
  /// scale · (p − (1 − w) at the target − w q). Of the tokens that are not told apart q knows the sum alone, so which of
  /// them comes is learned from the text: where the target is among them, with its whole weight.
  /// - Parameters:
  ///   - gradients: (N, V), of the logits.
  ///   - targets: of each row; where it is negative the row has no loss.
  package func soften(_ gradients: Matrix, targets: View<Int32>, scale: Float) {
    for row in 0..<gradients.rowCount where targets[row] >= 0 {
      soften(gradients.row(row), target: Int(targets[row]), outcomes: self[row], scale: scale)
    }
  }

  private func soften(_ gradient: View<Float>, target: Int, outcomes: View<Outcome>, scale: Float) {
    var (taught, known, isTold) = (Float(0), Float(0), false)
    for place in 0..<outcomeCount {
      let (token, probability) = (outcomes[place].token, outcomes[place].probability)
      predicted.view[place] = gradient[token] / scale + (token == target ? 1 : 0)
      taught += probability
      known += predicted.view[place]
      if token == target { isTold = true }
    }
    let (others, left) = (max(1 - known, 0), max(1 - taught, 0))
    // Where the network gives the others nothing, they have no gradient either.
    let factor = others > 1e-6 ? 1 - weight * (left - (isTold ? 0 : 1)) / others : 1
    let targetProbability = gradient[target] / scale + 1
    Kernels.active.scale(gradient, by: factor)
    gradient[target] = scale * (factor * targetProbability - 1)
    for place in 0..<outcomeCount {
      let (token, probability) = (outcomes[place].token, outcomes[place].probability)
      let hard: Float = token == target ? 1 - weight : 0
      gradient[token] = scale * (predicted.view[place] - weight * probability - hard)
    }
  }
}
