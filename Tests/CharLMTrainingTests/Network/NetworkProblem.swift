import CharLM
@testable import CharLMTraining
import RecurrentNN
import TestSupport

/// A network and a batch of token sequences, for the shardedNetwork and for the reference.
struct NetworkProblem {
  var model: NetworkSettings
  let vocabularyCount: Int
  /// By sequence; their lengths never rise. A negative target is ignored.
  var tokens: [[Int]]
  var targets: [[Int]]
  var resets: [Walk.Reset] = []
  /// By name; without `decoder.weight` where it is tied.
  var parameters: [String: [Float]] = [:]
  /// By layer · directions + direction, then sequence: (H).
  var initialHidden: [[[Float]]]
  var initialCell: [[[Float]]]

  /// Random numbers throughout: states and biases are not zero, some targets are ignored.
  init(_ model: NetworkSettings, vocabularyCount: Int = 7, lengths: [Int], resets: [Walk.Reset] = [], seed: Int = 1) {
    self.model = model
    self.vocabularyCount = vocabularyCount
    self.resets = resets
    var random = RandomValues(seed: seed)
    tokens = lengths.map { (0..<$0).map { _ in Int.random(in: 0..<vocabularyCount, using: &random) } }
    targets = lengths.map { (0..<$0).map { _ in Int.random(in: -1..<vocabularyCount, using: &random) } }
    for (name, shape) in model.parameterShapes(inputVocabulary: vocabularyCount, outputVocabulary: vocabularyCount) {
      parameters[name] = random.floats(
        shape.reduce(1, *), bound: name == "embedding.weight" ? 1 : 1.5 / Float(model.hidden).squareRoot())
    }
    let stateCount = model.layers * (model.bidirectional ? 2 : 1)
    initialHidden = (0..<stateCount).map { _ in lengths.map { _ in random.floats(model.hidden) } }
    initialCell = (0..<stateCount).map { _ in lengths.map { _ in random.floats(model.hidden) } }
  }

  var targetCount: Int { targets.joined().count { $0 >= 0 } }
}

// MARK: The engine

extension NetworkProblem {
  func makeStore() -> ParameterStore {
    let store = NetworkWeights.emptyStore(
      model, inputVocabulary: vocabularyCount, outputVocabulary: vocabularyCount)
    for (name, values) in parameters { store.setValues(values, named: name) }
    return store
  }

  func makeLearner(shardCount: Int, threadCount: Int = 1, dropsWeights: Bool = false) -> ShardedNetwork {
    let shardedNetwork = ShardedNetwork(
      model, store: makeStore(), optimizer: OptimizerSettings(), batchSize: tokens.count,
      timeStepCapacity: tokens[0].count, shardRange: ShardRange(all: shardCount), threadCount: threadCount,
      dropsWeights: dropsWeights)
    fill(shardedNetwork.shards)
    return shardedNetwork
  }

  /// Sets every shard's walk, tokens, targets and states from the sequences that it owns.
  func fill(_ shards: [NetworkShard]) {
    for shard in shards {
      let rows = shard.firstRow..<shard.firstRow + shard.capacity.batchSize
      shard.walk.set(lengths: rows.map { tokens[$0].count })
      for step in 0..<shard.walk.timeStepCount {
        for (row, place) in shard.walk.rows(at: step).enumerated() {
          shard.tokens[place] = Int32(tokens[rows.lowerBound + row][step])
          shard.targets[place] = Int32(targets[rows.lowerBound + row][step])
        }
      }
      for reset in resets where rows.contains(reset.row) {
        shard.walk.addReset(step: reset.step, row: reset.row - rows.lowerBound)
      }
      for (number, direction) in shard.stack.directions.joined().enumerated() {
        for row in rows {
          direction.hidden.row(row - rows.lowerBound).copy(from: initialHidden[number][row])
          guard model.cell == .lstm else { continue }
          direction.cell.row(row - rows.lowerBound).copy(from: initialCell[number][row])
        }
      }
    }
  }
}

// MARK: The reference

extension NetworkProblem {
  struct Solution {
    var loss: Double
    /// By sequence, then time, one after another.
    var logits: [Double]
    var gradients: [String: [Double]]
  }

  /// - Parameter noise: what training does to the network; the gradients are then those of the loss with its penalties.
  func solvedByReference(_ noise: StepNoise? = nil) -> Solution {
    let tape = Tape()
    func terms(_ values: [Float]) -> [Term] { tape.variables(values.map { Double($0) }) }
    let given = parameters.mapValues(terms)
    let network = ReferenceNetwork(
      cell: .init(model.cell, model.nonlinearity), hiddenSize: model.hidden, layerCount: model.layers,
      isBidirectional: model.bidirectional, parameters: masked(given, noise, on: tape))
    let result = network.run(
      tokens.indices.map { sequence in
        var steps = ReferenceNetwork.Sequence(
          tokens: tokens[sequence], targets: targets[sequence],
          initialHidden: initialHidden.map { terms($0[sequence]) },
          initialCell: initialCell.map { terms($0[sequence]) },
          beginnings: Set(resets.filter { $0.row == sequence }.map(\.step)))
        steps.outputMasks = outputMasks(of: sequence, noise)
        return steps
      }, on: tape)
    tape.differentiate(objective(result, noise, on: tape))
    return Solution(
      loss: tape.value(result.loss), logits: tape.values(result.logits.flatMap { $0.flatMap(\.self) }),
      gradients: given.mapValues { tape.gradients($0) })
  }
}
