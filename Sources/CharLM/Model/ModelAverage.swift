import CharLMFiles
import CharLMText
import RecurrentNN

extension ModelSnapshot {
  /// The mean of the parameters of models of one run.
  ///
  /// While the learning rate is high, a run's models move around a place with a lower loss than theirs, and their mean is
  /// near it (Polyak and Juditsky 1992; Izmailov et al. 2018). Models of different runs have found different places, and
  /// their mean is in none, so that they are refused unless they are known to have begun from the same weights.
  ///
  /// The record is that of the member with the most updates; the mean's validation loss is not known yet.
  /// - Parameters:
  ///   - members: with a name each for messages, such as the file's.
  ///   - acrossRuns: whether models of different runs are averaged all the same.
  /// - Throws: `ModelMismatch` where two differ in shape or vocabulary, or are not seen to be of one run.
  /// - Precondition: there is at least one.
  public static func average(
    _ members: [(name: String, model: ModelSnapshot)], acrossRuns: Bool = false
  ) throws(ModelMismatch) -> ModelSnapshot {
    require(!members.isEmpty, "the mean of no models")
    let first = members[0]
    for other in members.dropFirst() {
      let difference =
        first.model.difference(from: other.model)
        ?? (acrossRuns ? nil : ModelDifference.ofRun(first.model, other.model))
      if let difference { throw ModelMismatch(first: first.name, other: other.name, difference: difference) }
    }
    let models = members.map(\.model)
    let last = models.reduce(first.model) { $1.training.steps > $0.training.steps ? $1 : $0 }
    var record = last.training
    record.averagedSteps = models.flatMap { $0.training.averagedSteps ?? [$0.training.bestStep] }.sorted()
    (record.bestValidNats, record.bestStep) = (nil, record.steps)
    var metadata = last.metadata
    (metadata.created, metadata.training) = (Timestamp.now(), record)
    return ModelSnapshot(metadata, owning: mean(of: models))
  }

  /// What makes the mean of two models' parameters impossible.
  private func difference(from other: ModelSnapshot) -> ModelDifference? {
    if kind != other.kind { return .setting(name: "the kind", kind.rawValue, other.kind.rawValue) }
    return ModelDifference.ofNetwork(settings, other.settings)
      ?? ModelDifference.ofText(tokenizer, other.tokenizer)
      ?? ModelDifference.ofVocabulary(tokenizer.vocabulary, other.tokenizer.vocabulary)
      ?? ModelDifference.ofVocabulary(outputTokenizer.vocabulary, other.outputTokenizer.vocabulary)
  }

  /// In double precision, so that the order of the models does not show.
  private static func mean(of models: [ModelSnapshot]) -> ParameterStore {
    let mean = ParameterStore(like: models[0].parameterStore)
    let values = models.map(\.parameterStore.flat)
    require(
      values.allSatisfy { $0.count == mean.flatCount }, "a mean of \(values.map(\.count)) parameters")
    for index in 0..<mean.flatCount {
      mean.flat[index] = Float(values.reduce(0.0) { $0 + Double($1[index]) } / Double(values.count))
    }
    return mean
  }
}
