import CharLMTraining

extension TrainingDiagnosis {
  /// What was found, and the way out, in the words of the command's options.
  var text: String {
    switch self {
    case .tinyText(let count):
      "a text of \(Quantity.count(count, "token")) is too small to learn from: the model can only repeat it; give some "
        + "100 KB or more, or continue a larger model with --init-from"
    case .smallText(let count):
      "a text of \(Quantity.count(count, "token")) is small: the model will soon know it by heart; more text helps more "
        + "than longer training, and so does a larger model to start from (--init-from)"
    case .overfitted(let best, let last):
      "overfitting: validation was best at step \(Quantity.count(best.step)) (\(Quantity.fixed(best.validNats ?? 0, 3))) "
        + "and is \(Quantity.fixed(last.validNats ?? 0, 3)) at step \(Quantity.count(last.step)), while the training loss "
        + "still falls; the best model is the one that is saved; more text, a smaller --hidden or more --dropout helps"
    case .underfitted(let earlier, let last):
      "validation was still falling fast (from \(Quantity.fixed(earlier.validNats ?? 0, 3)) to "
        + "\(Quantity.fixed(last.validNats ?? 0, 3)) in the last quarter): a longer training makes a better model; "
        + "give more --steps, --epochs or a longer --budget"
    case .fewSteps(let count):
      "only \(Quantity.count(count, "step")) fitted into the time, so that the model has learned next to nothing; give a "
        + "longer --budget, or try again when the machine is less busy"
    }
  }
}
