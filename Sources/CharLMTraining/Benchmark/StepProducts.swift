import CharLM
import RecurrentNN

/// The matrix products of a training step and nothing else: the same shapes, orders, packed weights and threads, on
/// arbitrary numbers. Their time is the limit of a step's speed.
///
/// Letters as in `NetworkShard`: N chunk rows, U distinct tokens, B rows of a step.
final class StepProducts {
  private let shardedNetwork: ShardedNetwork
  private let distinctCount: Int
  private let workspaces: [Workspace]
  private let gradientTasks: [() -> Void]

  /// One shard's matrices; layers take turns with them.
  private struct Workspace {
    let rowCount: Int
    let gates: Matrix  // (N, G·H)
    let hidden: Matrix  // (N, H)
    let logits: Matrix  // (N, V)
    let embedded: Matrix  // (U, E)
    let table: Matrix  // (U, G·H)
    let buffers: [Buffer<Float>]

    init(_ shard: NetworkShard, distinctCount: Int) {
      let (settings, N) = (shard.weights.settings, shard.capacity.rowCount)
      var owned: [Buffer<Float>] = []
      func matrix(_ rows: Int, _ columns: Int) -> Matrix {
        let buffer = Buffer<Float>(count: rows * columns)
        buffer.view.fill(0.01)
        owned.append(buffer)
        return buffer.view.matrix(rows, columns)
      }
      rowCount = N
      gates = matrix(N, settings.shape.gateSize)
      hidden = matrix(N, settings.shape.outputSize)
      logits = matrix(N, shard.weights.outputVocabularyCount)
      embedded = matrix(distinctCount, settings.embedding)
      table = matrix(distinctCount, settings.shape.gateSize)
      buffers = owned
    }
  }

  /// - Parameter shardedNetwork: whose weights and shards to take; a step must have been made.
  init(_ shardedNetwork: ShardedNetwork) {
    self.shardedNetwork = shardedNetwork
    let distinctCount = min(
      shardedNetwork.weights.inputVocabularyCount, shardedNetwork.shards.map(\.capacity.rowCount).max() ?? 1)
    self.distinctCount = distinctCount
    let workspaces = shardedNetwork.shards.map { Workspace($0, distinctCount: distinctCount) }
    self.workspaces = workspaces
    gradientTasks = StepProducts.gradientTasks(shardedNetwork, workspaces)
  }

  /// All products of a step.
  func run() {
    shardedNetwork.pool.run(shardedNetwork.shards.count) { number in
      forward(shardedNetwork.shards[number], workspaces[number])
      backward(shardedNetwork.shards[number], workspaces[number])
    }
    shardedNetwork.pool.run(gradientTasks.count) { gradientTasks[$0]() }
  }

  private func forward(_ shard: NetworkShard, _ space: Workspace) {
    for (layer, directions) in shard.weights.stack.directions.enumerated() {
      let weights = directions[0]
      if layer == 0 {
        weights.inputHidden.forward.multiply(space.embedded, into: space.table)
      } else {
        weights.inputHidden.forward.multiply(space.hidden, into: space.gates)
      }
      forEachStep(shard) { rows in
        weights.hiddenHidden.forward.multiply(space.hidden.rows(rows), into: space.gates.rows(rows))
      }
    }
    shard.weights.decoder.forward.multiply(space.hidden, into: space.logits)
  }

  private func backward(_ shard: NetworkShard, _ space: Workspace) {
    shard.weights.decoder.backward.multiply(space.logits, into: space.hidden)
    for (layer, directions) in shard.weights.stack.directions.enumerated().reversed() {
      let weights = directions[0]
      forEachStep(shard) { rows in
        weights.hiddenHidden.backward.multiply(space.gates.rows(rows), into: space.hidden.rows(rows))
      }
      if layer == 0 {
        weights.inputHidden.backward.multiply(space.table, into: space.embedded)
      } else {
        weights.inputHidden.backward.multiply(space.gates, into: space.hidden)
      }
    }
  }

  private func forEachStep(_ shard: NetworkShard, _ body: (Range<Int>) -> Void) {
    let size = shard.capacity.batchSize
    for first in stride(from: 0, to: shard.capacity.rowCount, by: size) { body(first..<first + size) }
  }

  /// The weight gradients, in the slices of `StackWeights.gradientTasks`.
  private static func gradientTasks(_ shardedNetwork: ShardedNetwork, _ workspaces: [Workspace]) -> [() -> Void] {
    let (weights, store) = (shardedNetwork.weights, shardedNetwork.gradients)
    var tasks: [() -> Void] = []
    func add(_ target: Matrix, _ left: @escaping (Workspace) -> Matrix, _ right: @escaping (Workspace) -> Matrix) {
      tasks.append {
        for (number, space) in workspaces.enumerated() {
          multiplyTransposed(
            left(space), right(space), into: target, accumulate: number > 0, precision: weights.precision)
        }
      }
    }
    for layer in 0..<weights.settings.layers {
      let inputHidden = store.matrix(named: ParameterName.recurrentPrefix + "weight_ih_l\(layer)")
      let hiddenHidden = store.matrix(named: ParameterName.recurrentPrefix + "weight_hh_l\(layer)")
      for slice in slices(of: weights.settings.shape.gateSize) {
        add(
          inputHidden.rows(slice), { (layer == 0 ? $0.table : $0.gates).columns(slice) },
          { layer == 0 ? $0.embedded : $0.hidden })
        add(hiddenHidden.rows(slice), { $0.gates.columns(slice) }, \.hidden)
      }
    }
    let decoder = store.matrix(named: ParameterName.decoderWeight(tied: weights.settings.tied))
    for slice in slices(of: decoder.columnCount) {
      add(decoder.columns(slice), \.logits, { $0.hidden.columns(slice) })
    }
    return tasks
  }
}
