import CharLM
import CharLMFiles
import RecurrentNN

/// What the next step depends on beside tensors and settings.
package struct TrainerProgress: Codable, Hashable, Sendable {
  /// Steps made, skipped ones included.
  package var stepCount: Int
  /// Updates made, which Adam counts.
  package var updateCount: Int
  /// The factor of the schedule's rate.
  package var rateFactor: Float
}

extension Trainer {
  /// Where the trainer stands. With the settings and `stateTensors` it says all that the next step depends on.
  package var progress: TrainerProgress {
    TrainerProgress(stepCount: stepCount, updateCount: learner.optimizer.stepCount, rateFactor: rateFactor)
  }

  /// Parameters, what the optimizer remembers, the moving mean, carried states.
  package var stateTensors: [Safetensors.Tensor] {
    places.map { Safetensors.Tensor(name: $0.name, shape: [$0.view.count], values: .float32($0.view.array)) }
  }

  /// Takes over a state that `stateTensors` and `progress` gave.
  /// - Throws: `TrainingError.stateMismatch` where a tensor is missing or of another size; then nothing is changed.
  package func restore(_ state: Safetensors, _ progress: TrainerProgress) throws(TrainingError) {
    var values: [[Float]] = []
    for (name, place) in places {
      guard case .float32(let found) = state.tensor(named: name)?.values ?? .float32([]), found.count == place.count
      else {
        throw .stateMismatch(
          name: name, expected: place.count, found: state.tensor(named: name)?.values.count ?? 0)
      }
      values.append(found)
    }
    for ((_, place), found) in zip(places, values) { place.copy(from: found) }
    stepCount = progress.stepCount
    learner.optimizer.stepCount = progress.updateCount
    rateFactor = progress.rateFactor
    learner.refresh()
  }

  /// Other parameters in place of its own, and an optimizer that remembers nothing; the number of the step stays.
  func begin(from parameters: ParameterStore) {
    self.parameters.flat.copy(from: parameters.flat)
    for memory in learner.optimizer.memories { memory.store.flat.fill(0) }
    learner.optimizer.stepCount = 0
    resetStates()
    learner.beginAnew()
  }

  private var places: [(name: String, view: View<Float>)] {
    [("parameters", parameters.flat)] + learner.optimizer.memories.map { ($0.name, $0.store.flat) }
      + (learner.average.map { [("average", $0.flat)] } ?? []) + carriedStates
  }

  private var carriedStates: [(name: String, view: View<Float>)] {
    guard source.carriesState else { return [] }
    return learner.shards.enumerated().flatMap { shardNumber, shard in
      shard.stack.directions.enumerated().flatMap { layer, directions in
        directions.enumerated().flatMap { number, direction in
          [("hidden", direction.hidden), ("cell", direction.cell)].filter { $0.1.rowCount > 0 }.map {
            ("\($0.0).shard\(shardNumber).layer\(layer).direction\(number)", $0.1.view)
          }
        }
      }
    }
  }
}
