/// What a model makes of a text: sums over the tokens that it predicted.
public struct Evaluation: Hashable, Sendable {
  /// How the text was read.
  public enum EvaluationProtocol: String, Codable, Hashable, Sendable, CaseIterable {
    /// Once, in order, the state carried.
    case stateful
    /// 200 random windows of 256 predictions, each from a zero state: nanoGPT's way.
    case cold256
  }

  /// The number of predictions.
  public var tokenCount = 0
  /// The sum of −log p, in nats.
  public var nats = 0.0
  /// How many times the likeliest token was the right one.
  public var correctCount = 0

  /// The mean of −log p, in nats; NaN without tokens.
  public var natsPerToken: Double { nats / Double(tokenCount) }
  /// The mean of −log₂ p.
  public var bitsPerToken: Double { bits / Double(tokenCount) }
  /// The sum of −log₂ p.
  public var bits: Double { Evaluation.bits(nats: nats) }
  /// The part of tokens whose likeliest guess was right.
  public var accuracy: Double { Double(correctCount) / Double(tokenCount) }

  /// Nats as bits: divided by ln 2.
  public static func bits(nats: Double) -> Double { nats / 0.693_147_180_559_945_3 }

  mutating func add(nats: Double, isRight: Bool) {
    tokenCount += 1
    self.nats += nats
    correctCount += isRight ? 1 : 0
  }

  package mutating func add(_ other: Evaluation) {
    tokenCount += other.tokenCount
    nats += other.nats
    correctCount += other.correctCount
  }
}
