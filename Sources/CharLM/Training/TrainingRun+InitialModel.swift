import CharLMText
import RecurrentNN

extension TrainingRun {
  /// Takes over a model's parameters in place of random ones; to be called before the first step.
  /// - Precondition: the run has the model's settings and vocabularies.
  public func begin(from model: ModelSnapshot) {
    precondition(
      trainer.stepCount == 0 && trainer.parameters.flatCount == (unsafe model.store).flatCount,
      "\((unsafe model.store).flatCount) parameters for \(trainer.parameters.flatCount)")
    unsafe trainer.parameters.flat.copy(from: model.store.flat)
    trainer.learner.beginAnew()
  }
}
