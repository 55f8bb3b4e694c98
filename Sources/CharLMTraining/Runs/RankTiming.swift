import CharLM
import RecurrentNN

/// What it costs ranks to share each step, measured on a few.
package struct RankTiming: Hashable, Sendable {
  /// The time of a step.
  package let stepSeconds: Double
  /// The time that its gradients are on their way, and how much of it the step waits for.
  package let sendingSeconds: Double
  package let waitingSeconds: Double
  /// The bytes that a rank sends in a step, and receives.
  package let byteCount: Int

  /// The time of a step's arithmetic.
  package var computingSeconds: Double { max(stepSeconds - waitingSeconds, 1e-9) }

  /// How many steps a rank should make by itself: 1 as long as sharing each costs less than a third of its arithmetic; else
  /// so many that what is sent costs a tenth of it. (Fewer would cost more time, more would cost more of the quality.)
  package var syncInterval: Int {
    guard waitingSeconds > computingSeconds / 3 else { return 1 }
    return max(5, min(Int((10 * sendingSeconds / computingSeconds).rounded(.up)), 500))
  }

  /// Measures on a run that shares each step. The run is used up. Collective; all ranks get the first one's figures.
  /// - Parameter clock: seconds since anything.
  package static func measured(_ run: TrainingRun, clock: () -> Double) throws(TrainingFailure) -> RankTiming {
    let trainer = run.trainer
    let communicator = trainer.communicator
    let (warmupCount, count) = (2, 6)
    var (start, sending, waiting) = (0.0, 0.0, 0.0)
    do throws(TrainingError) {
      for step in 0..<warmupCount + count {
        if step == warmupCount {
          start = clock()
          (sending, waiting) = (trainer.sendingSeconds, trainer.waitingSeconds)
        }
        _ = try trainer.step(progress: 0)
      }
    } catch {
      throw .training(error)
    }
    let figures = [clock() - start, trainer.sendingSeconds - sending, trainer.waitingSeconds - waiting]
    // Of the others nothing is added.
    let shared = communicator.sums(communicator.isFirst ? figures : [0, 0, 0]).map { $0 / Double(count) }
    return RankTiming(
      stepSeconds: shared[0], sendingSeconds: shared[1], waitingSeconds: shared[2],
      byteCount: trainer.shardedNetwork.sums?.byteCount ?? 0)
  }
}

extension Trainer {
  /// Seconds that gradients were on their way to other ranks.
  package var sendingSeconds: Double { shardedNetwork.sums?.seconds ?? 0 }
  /// Seconds of them that steps had to wait for.
  package var waitingSeconds: Double { shardedNetwork.sums?.waitingSeconds ?? 0 }
}
