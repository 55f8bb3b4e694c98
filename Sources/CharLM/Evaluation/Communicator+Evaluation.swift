import RecurrentNN

extension Communicator {
  /// What all ranks have read together; collective.
  package func sum(_ evaluation: Evaluation) -> Evaluation {
    guard !isAlone else { return evaluation }
    let sums = sums([Double(evaluation.tokenCount), evaluation.nats, Double(evaluation.correctCount)])
    return Evaluation(tokenCount: Int(sums[0]), nats: sums[1], correctCount: Int(sums[2]))
  }

  /// Brings numbers together of which each rank has some, and zeros in the place of the others'; collective.
  func merge(_ numbers: View<Float>) {
    guard !isAlone, numbers.count > 0 else { return }
    RankSum([numbers.matrix(1, numbers.count)], over: self, precision: .float32).make()
  }
}
