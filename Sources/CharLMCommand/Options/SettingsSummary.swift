import CharLMTraining
import RecurrentNN

extension RunSettings {
  /// What the options of training and regularization set, as far as it is worth mentioning: "weight decay 0.1, weight
  /// drop 0.2, AR 2".
  var summary: String {
    let settings =
      TrainingOptions.declarations.map(\.setting) + RegularizationOptions.declarations.map(\.setting)
    return settings.compactMap { $0?.phrase(self) }.joined(separator: ", ")
  }
}

extension OptimizerKind {
  /// The name as the literature writes it.
  var title: String {
    switch self {
    case .adam: "Adam"
    case .adamw: "AdamW"
    case .soap: "SOAP"
    case .sgd: "SGD"
    case .rmsprop: "RMSprop"
    }
  }
}
