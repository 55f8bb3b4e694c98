import CharLMText
import RecurrentNN

extension TrainingRun {
  /// Takes over a model's parameters in place of random ones; to be called before the first step.
  ///
  /// Each token keeps its rows of embedding and decoder, whatever its number is now. A token that the model lacks begins as
  /// the mean of all of the model's (Hewitt 2021), with the lowest of its biases in the decoder: so the old tokens keep
  /// nearly all of the probability, and the new ones are learnt from a place that the network knows.
  /// - Precondition: the run has the model's sizes, and its vocabularies have the model's tokens.
  public func begin(from model: ModelSnapshot) {
    precondition(trainer.stepCount == 0, "a run of \(trainer.stepCount) steps begins from a model")
    let (inputs, outputs) = (
      job.tokenizer.vocabulary.places(in: model.tokenizer.vocabulary),
      job.outputTokenizer.vocabulary.places(in: model.outputTokenizer.vocabulary)
    )
    let (old, new) = (model.parameterStore, trainer.parameters)
    for name in new.layouts.map(\.name) {
      switch name {
      case "embedding.weight": fill(new.matrix(named: name), from: old.matrix(named: name), inputs)
      case "decoder.weight": fill(new.matrix(named: name), from: old.matrix(named: name), outputs)
      case "decoder.bias": fill(new.view(named: name), from: old.view(named: name), outputs)
      default: new.view(named: name).copy(from: old.view(named: name))
      }
    }
    trainer.learner.refresh()
  }

  /// Rows of the tokens that the model has, and their mean for the others.
  private func fill(_ rows: Matrix, from old: Matrix, _ places: [TokenID?]) {
    let mean = Buffer<Float>(count: old.columnCount)
    Kernels.active.addRowSum(of: old, to: mean.view)
    Kernels.active.scale(mean.view, by: 1 / Float(old.rowCount))
    for (row, place) in places.enumerated() {
      rows.row(row).copy(from: place.map { old.row(Int($0)) } ?? mean.view)
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
