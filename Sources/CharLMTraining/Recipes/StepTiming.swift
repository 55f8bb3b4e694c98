import CharLM

/// How fast a run is on this machine, measured on a few of its steps.
package struct StepTiming: Hashable, Sendable {
  /// The median time of a step.
  package let stepSeconds: Double
  /// The time of one validation: measured on the beginning of the text, or estimated from a step's.
  package let validationSeconds: Double
  /// Steps between two validations.
  package let validationInterval: Int
  /// Trained tokens per second.
  package let tokensPerSecond: Double

  /// The time that so many steps take, with their validations.
  package func seconds(steps: Int) -> Double {
    let validationCount = (steps + validationInterval - 1) / validationInterval
    return Double(steps) * stepSeconds + Double(validationCount) * validationSeconds
  }

  /// How many steps fit into a time, with their validations.
  package func stepsWithin(_ seconds: Double) -> Int {
    // A clock that stands still would make it infinite.
    Int(min(seconds / max(stepSeconds + validationSeconds / Double(validationInterval), 1e-9), 1e15))
  }
}

extension TrainingRun {
  /// Makes steps for about so many seconds, at least three. The run is used up: it must not be saved afterwards.
  /// - Parameter validationTokenCount: the tokens that a validation of the run reads, where one is to be measured, on the
  ///   validation text of this run, which should be short; nil to estimate its time: reading costs about a third of
  ///   training.
  package func measureTiming(
    seconds: Double, validationTokenCount: Int? = nil, clock: () -> Double
  ) throws(TrainingFailure) -> StepTiming {
    let (median, tokenCount) = try medianStep(seconds: seconds, clock: clock)
    let perToken = median / Double(max(tokenCount, 1))
    var perValidationToken = perToken / 3
    if validationTokenCount != nil, data.validationTokenCount > 0 {
      let start = clock()
      try rehearseValidation()
      perValidationToken = (clock() - start) / Double(data.validationTokenCount)
    }
    return StepTiming(
      stepSeconds: median,
      validationSeconds: Double(validationTokenCount ?? data.validationTokenCount) * perValidationToken,
      validationInterval: record.settings.validationInterval, tokensPerSecond: 1 / perToken)
  }

  private func medianStep(
    seconds: Double, clock: () -> Double
  ) throws(TrainingFailure) -> (seconds: Double, tokenCount: Int) {
    do throws(TrainingError) {
      var tokenCount = try trainer.step(progress: 0).tokenCount
      var times: [Double] = []
      let end = clock() + seconds
      while times.count < 3 || (clock() < end && times.count < 1000) {
        let start = clock()
        tokenCount = try trainer.step(progress: 0).tokenCount
        times.append(clock() - start)
      }
      return (times.sorted()[times.count / 2], tokenCount)
    } catch {
      throw .training(error)
    }
  }
}
