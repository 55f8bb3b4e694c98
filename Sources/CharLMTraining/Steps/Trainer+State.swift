import CharLM
import CharLMFiles
import RecurrentNN

/// Where a training stands, beside its settings, its record and its tensors.
package struct TrainingProgress: Codable, Hashable, Sendable {
  /// Steps made, skipped ones included.
  package var stepCount: Int
  /// Updates made, which Adam counts.
  package var updateCount: Int
  /// The factor of the schedule's rate.
  package var rateFactor: Float
  /// The sum of the training losses since the last validation, in nats, and their number.
  package var lossSum = 0.0
  package var lossTokenCount = 0
  /// The loss of about the last twenty steps, in nats.
  package var recentNats: Double?
  /// Steps skipped since the last one that was not.
  package var skippedInARow = 0

  /// - Throws: `OutOfRange` with the first figure that no run can have.
  func checkRanges() throws(OutOfRange) {
    let steps = ValueRange.from(0, to: TrainingProgress.stepLimit)
    try steps.check("step_count", stepCount)
    try steps.check("update_count", updateCount)
    try steps.check("skipped_in_a_row", skippedInARow)
    try SettingRanges.count.check("loss_token_count", lossTokenCount)
    try ValueRange<Float>.from(0, to: 1).check("rate_factor", rateFactor)
    try SettingRanges.measure.check("loss_sum", lossSum)
    try SettingRanges.measure.check("recent_nats", recentNats)
  }

  /// More steps than any run makes, a budget's included; so many times the longest chunk is still a number.
  private static let stepLimit = 1 << 32
}

extension Trainer {
  /// Where the trainer stands; of the losses it knows nothing. With the settings and `stateTensors` it says all that the
  /// next step depends on.
  package var progress: TrainingProgress {
    TrainingProgress(stepCount: stepCount, updateCount: shardedNetwork.optimizer.stepCount, rateFactor: rateFactor)
  }

  /// Parameters, what the optimizer remembers, the moving mean, carried states: to be written before the next step, after
  /// `collectStates`.
  package var stateTensors: [SafetensorsWriter.Tensor] {
    places.map { SafetensorsWriter.Tensor(name: $0.name, shape: [$0.view.count], elements: $0.view) }
  }

  /// Brings the carried states of all ranks together; collective.
  package func collectStates() { carriedStates.collect() }

  /// Gives all ranks the first one's parameters; collective. They are the same anyway, but for CPUs that round sums in
  /// another order, and for copies of a model or of vectors that differ.
  func align() {
    guard !communicator.isAlone else { return }
    communicator.share(parameters.flat)
    if let average = shardedNetwork.average { communicator.share(average.flat) }
    outerOptimizer?.begin()
    shardedNetwork.refresh()
  }

  /// Where the tensors of a saved state belong; `resume(at:)` is to follow when they are there.
  /// - Parameter sizes: the number of values that the state has of a tensor, 0 where it has none.
  /// - Throws: `TrainingError.stateMismatch` where a tensor is missing or of another size.
  package func places(sizes: (_ name: String) -> Int) throws(TrainingError) -> [String: View<Float>] {
    var places = places
    // A run whose ranks shared each step has none.
    let hasVelocity = sizes(Trainer.velocityName) > 0
    if !hasVelocity { places.removeAll { $0.name == Trainer.velocityName } }
    for (name, view) in places {
      let found = sizes(name)
      guard found == view.count else { throw .stateMismatch(name: name, expected: view.count, found: found) }
    }
    if !hasVelocity { outerOptimizer?.velocity.flat.fill(0) }
    return Dictionary(uniqueKeysWithValues: places)
  }

  /// Goes on from where a state was saved, whose tensors are in their places.
  package func resume(at progress: TrainingProgress) {
    stepCount = progress.stepCount
    shardedNetwork.optimizer.stepCount = progress.updateCount
    shardedNetwork.optimizer.refresh()
    rateFactor = progress.rateFactor
    carriedStates.distribute()
    outerOptimizer?.begin()
    shardedNetwork.refresh()
  }

  /// Other parameters in place of its own, and an optimizer that remembers nothing; the number of the step stays.
  func begin(from parameters: ParameterStore) {
    self.parameters.flat.copy(from: parameters.flat)
    for memory in shardedNetwork.optimizer.memories { memory.store.flat.fill(0) }
    shardedNetwork.optimizer.stepCount = 0
    resetStates()
    shardedNetwork.parametersReplaced()
    outerOptimizer?.velocity.flat.fill(0)
    outerOptimizer?.begin()
  }

  /// What the state's tensor of the parameters is called.
  package static let parametersName = "parameters"
  private static let velocityName = "outer_velocity"

  private var places: [(name: String, view: View<Float>)] {
    [(Trainer.parametersName, parameters.flat)] + shardedNetwork.optimizer.memories.map { ($0.name, $0.store.flat) }
      + (shardedNetwork.average.map { [("average", $0.flat)] } ?? [])
      + (outerOptimizer.map { [(Trainer.velocityName, $0.velocity.flat)] } ?? []) + carriedStates.views
  }
}
