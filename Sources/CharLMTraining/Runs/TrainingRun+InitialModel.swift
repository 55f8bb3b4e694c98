import CharLM
import CharLMText
import RecurrentNN

extension TrainingRun {
  /// Takes over a model's parameters in place of random ones; to be called before the first step.
  ///
  /// Each token keeps its rows of embedding and decoder, whatever its number is now. Those of a token that the model lacks
  /// stay as a new network has them, with the lowest of the model's biases in the decoder. (To begin as the mean of all
  /// rows, as is done in models of many more tokens (Hewitt 2021), is worse here: of an English model on a German text
  /// the validation loss after 150 steps was 2.015 nats so, and 1.974 with rows at random.)
  /// - Parameter path: the model's file, for the run's record.
  /// - Precondition: the run has the model's sizes, and its vocabularies have the model's tokens.
  public func begin(from model: ModelSnapshot, path: String? = nil) {
    record.initialModel = path
    require(trainer.stepCount == 0, "a run of \(trainer.stepCount) steps begins from a model")
    let (inputs, outputs) = (
      data.tokenizer.vocabulary.places(in: model.tokenizer.vocabulary),
      data.outputTokenizer.vocabulary.places(in: model.outputTokenizer.vocabulary)
    )
    let (old, new) = (model.parameterStore, trainer.parameters)
    for name in new.layouts.map(\.name) {
      switch name {
      case ParameterName.embedding: fill(new.matrix(named: name), from: old.matrix(named: name), inputs)
      case ParameterName.decoderWeight: fill(new.matrix(named: name), from: old.matrix(named: name), outputs)
      case ParameterName.decoderBias: fill(new.view(named: name), from: old.view(named: name), outputs)
      default: new.view(named: name).copy(from: old.view(named: name))
      }
    }
    trainer.shardedNetwork.parametersReplaced()
  }

  private func fill(_ rows: Matrix, from old: Matrix, _ places: [TokenID?]) {
    for (row, place) in places.enumerated() {
      if let place { rows.row(row).copy(from: old.row(Int(place))) }
    }
  }

  private func fill(_ biases: View<Float>, from old: View<Float>, _ places: [TokenID?]) {
    let lowest = old.array.min() ?? 0
    for (row, place) in places.enumerated() { biases[row] = place.map { old[Int($0)] } ?? lowest }
  }
}

extension Vocabulary {
  /// The number of each token in another vocabulary, where that has it.
  fileprivate func places(in other: Vocabulary) -> [TokenID?] {
    (0..<TokenID(count)).map { other.id(of: self[$0]) }
  }
}
