import RecurrentNN

extension Communicator {
  /// What all ranks have read together; collective.
  package func sum(_ evaluation: Evaluation) -> Evaluation {
    guard !isAlone else { return evaluation }
    let sums = sums([Double(evaluation.tokenCount), evaluation.nats, Double(evaluation.correctCount)])
    return Evaluation(tokenCount: Int(sums[0]), nats: sums[1], correctCount: Int(sums[2]))
  }
}
