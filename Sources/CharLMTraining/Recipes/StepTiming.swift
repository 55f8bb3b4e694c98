import CharLM

/// How fast a run is on this machine, measured on a few of its steps.
package struct StepTiming: Hashable, Sendable {
  /// The median time of a step.
  package let stepSeconds: Double
  /// The time of one validation, estimated from a step's: reading costs about a third of training.
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
    Int(seconds / (stepSeconds + validationSeconds / Double(validationInterval)))
  }
}

extension TrainingRun {
  /// Makes steps for about so many seconds, at least three. The run is used up: it must not be saved afterwards.
  package func measureTiming(seconds: Double, clock: () -> Double) throws(TrainingFailure) -> StepTiming {
    do throws(TrainingError) {
      var tokenCount = try trainer.step(progress: 0).tokenCount
      var times: [Double] = []
      let end = clock() + seconds
      while times.count < 3 || (clock() < end && times.count < 1000) {
        let start = clock()
        tokenCount = try trainer.step(progress: 0).tokenCount
        times.append(clock() - start)
      }
      times.sort()
      let median = times[times.count / 2]
      let perToken = median / Double(max(tokenCount, 1))
      return StepTiming(
        stepSeconds: median, validationSeconds: Double(data.validationTokenCount) * perToken / 3,
        validationInterval: record.settings.validationInterval, tokensPerSecond: 1 / perToken)
    } catch {
      throw .training(error)
    }
  }
}
