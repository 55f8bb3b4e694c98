import CharLMTraining

// Commands to type after a run, composed from this one.
extension TrainCommand {
  /// About the same run again: a number of steps in place of the time, and everything that was chosen for it.
  func repeating(steps: Int, settings: RunSettings) -> String {
    var command = self
    command.length.budget = nil
    command.length.steps = steps
    // With a width of its own, the embedding would be kept apart.
    if settings.network.tied { command.network.tied = true }
    let chosen = Self.declarations.filter { declaration in
      declaration.setting?.isChosen == true && !declaration.isGiven(in: self)
        && !declaration.exclusions.contains { modes.contains($0.mode) }
    }
    return CommandText.line(
      command.allWords
        + chosen.flatMap { declaration in
          declaration.setting?.argument(settings).map { [declaration.name, $0] } ?? []
        })
  }

  /// The same training at a learning rate, instead of the search for one.
  func training(atRate rate: Float) -> String {
    var command = self
    command.findsLearningRate = false
    command.output.json = false
    command.training.learningRate = rate
    return CommandText.line(command.allWords)
  }

  /// The run of a model, continued, and watched, saved and kept as by this command.
  func resuming(modelPath: String) -> String {
    CommandText.line(["train", "--resume", "--model", modelPath] + words(where: \.isRepeatedOnResume))
  }

  /// This command, without the program's name.
  var allWords: [String] {
    let isUnclear = corpora.contains { $0.hasPrefix("-") && $0 != "-" }
    return ["train"] + (isUnclear ? words() + ["--"] + corpora : corpora + words())
  }
}
