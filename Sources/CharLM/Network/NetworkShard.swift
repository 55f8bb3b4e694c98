import RecurrentNN

/// A contiguous group of a batch's rows with its own workspace: runs a whole chunk, tokens to loss and back, on one thread.
///
///     tokens → distinct embeddings → stack → logits → loss
///                                 ←       ←        ←
///
/// Letters: N chunk rows, U distinct tokens, E embedding, V output vocabulary.
///
/// Checked against `ReferenceNetwork` (Tests/TestSupport): `swift test --filter NetworkGradientTests`.
package final class NetworkShard {
  package let weights: NetworkWeights
  package let stack: RecurrentStack
  package let capacity: Capacity
  /// The number, over all shards, of this shard's first row.
  package let firstRow: Int

  /// The walk of the present chunk; set it, then as many tokens and targets as it has rows.
  package var walk = Walk()
  package var tokens: View<Int32> { tokenBuffer.view[0..<walk.rowCount] }
  /// The token that each row is to predict; −1 is ignored.
  package var targets: View<Int32> { targetBuffer.view[0..<walk.rowCount] }

  /// What teachers predict for the rows, where the network learns from some; set like tokens and targets.
  package var softTargets: SoftTargets?

  private var table: TokenTable
  private var embeddingDropout: EmbeddingDropout
  private let tokenBuffer: Buffer<Int32>
  private let targetBuffer: Buffer<Int32>
  private let distinctRows: Buffer<Float>  // (U, E)
  private let distinctGradients: Buffer<Float>  // (U, E)
  private let logitBuffer: Buffer<Float>  // (N, V): logits, then their gradients

  package init(_ weights: NetworkWeights, rowCount: Int, batchSize: Int, firstRow: Int = 0) {
    self.weights = weights
    self.firstRow = firstRow
    capacity = NetworkShard.capacity(
      rowCount: rowCount, batchSize: batchSize, vocabularyCount: weights.inputVocabularyCount)
    stack = RecurrentStack(weights: weights.stack, capacity: capacity)
    table = TokenTable(vocabularyCount: weights.inputVocabularyCount, rowCapacity: rowCount)
    tokenBuffer = Buffer(count: rowCount)
    targetBuffer = Buffer(count: rowCount)
    let tableSize = min(rowCount, weights.inputVocabularyCount)
    embeddingDropout = EmbeddingDropout(capacity: tableSize)
    distinctRows = Buffer(count: tableSize * weights.settings.embedding)
    distinctGradients = Buffer(count: tableSize * weights.settings.embedding)
    logitBuffer = Buffer(count: rowCount * weights.outputVocabularyCount)
  }

  package static func capacity(rowCount: Int, batchSize: Int, vocabularyCount: Int) -> Capacity {
    Capacity(rowCount: rowCount, batchSize: batchSize, tableSize: min(rowCount, vocabularyCount))
  }

  /// (N, V) of the present chunk.
  package var logits: Matrix { logitBuffer.view.matrix(walk.rowCount, weights.outputVocabularyCount) }

  /// Tokens to logits.
  /// - Parameter noise: what a training step does to the network; nil for the whole network.
  package func forward(noise: StepNoise?) {
    let index = table.build(tokens)
    let rows = distinctRows.view.matrix(table.distinctCount, weights.settings.embedding)
    Kernels.active.gather(weights.embedding, table.distinctTokens, to: rows)
    embeddingDropout.begin(table.distinctTokens, noise)
    embeddingDropout.apply(to: rows)
    stack.forward(
      walk, input: LayerInput(rows: rows, index: index), dropout: noise?.dropoutPlan(firstRow: firstRow),
      keepsRawOutput: (noise?.regularization.temporal ?? 0) != 0)
    weights.decoder.forward.multiply(stack.output(walk), into: logits)
    Kernels.active.add(weights.decoderBias, toRowsOf: logits)
  }

  /// Forward, loss and backward; leaves in the workspace what the weight gradients are made of.
  /// - Parameter scale: a factor of the loss in the gradient, one over the number of targets for their mean.
  /// - Returns: the sum of −log p over the targets, in nats, without the penalties and the teachers' part.
  package func learn(scale: Float, noise: StepNoise?, penalties: ActivationPenalties) -> Double {
    forward(noise: noise)
    return learnFromLogits(scale: scale, noise: noise, penalties: penalties)
  }

  /// The same after `forward` with the same noise; the logits become their gradients.
  package func learnFromLogits(scale: Float, noise: StepNoise?, penalties: ActivationPenalties) -> Double {
    let nats = learnDecoder(scale: scale, penalties: penalties)
    for layer in stack.directions.indices.reversed() { learnLayer(layer, noise: noise, penalties: penalties) }
    return nats
  }

  /// Loss and the decoder's part of backward, after `forward`; `learnLayer` is to follow for each layer, the last one first.
  package func learnDecoder(scale: Float, penalties: ActivationPenalties) -> Double {
    let nats = Kernels.active.crossEntropyGradient(logits, targets: targets, scale: scale)
    softTargets?.soften(logits, targets: targets, scale: scale)
    weights.decoder.backward.multiply(logits, into: stack.outputGradient(walk))
    if penalties.activation != 0 {
      Kernels.active.add(
        stack.output(walk).view, times: penalties.activation, to: stack.outputGradient(walk).view)
    }
    stack.resetStateGradient()
    return nats
  }

  /// A layer's part of backward; the embedding's with the first one's.
  package func learnLayer(_ layer: Int, noise: StepNoise?, penalties: ActivationPenalties) {
    let gradients = distinctGradients.view.matrix(table.distinctCount, weights.settings.embedding)
    stack.backward(
      layer: layer, walk, inputGradient: gradients, dropout: noise?.dropoutPlan(firstRow: firstRow),
      temporalPenalty: penalties.temporal)
    if layer == 0 { embeddingDropout.apply(to: gradients) }
  }

  /// Forward and the loss of every row, in nats, with the likeliest token of each.
  package func evaluate(nats: View<Float>, best: View<Int32>) {
    forward(noise: nil)
    Kernels.active.crossEntropy(logits, targets: targets, nats: nats, best: best)
  }
}

// MARK: Gradients of embedding and decoder

extension NetworkShard {
  /// Adds to some columns of the embedding's gradient (V, E).
  func addEmbeddingGradient(_ columns: Range<Int>, to gradient: Matrix) {
    let rows = distinctGradients.view.matrix(table.distinctCount, weights.settings.embedding).columns(columns)
    let tokens = table.distinctTokens
    let target = gradient.columns(columns)
    for place in 0..<table.distinctCount {
      let token = Int(tokens[place])
      Kernels.active.add(rows.rows(place..<place + 1), to: target.rows(token..<token + 1))
    }
  }

  /// Adds to some columns of the decoder's gradient (V, D·R), or sets them.
  func addDecoderGradient(_ columns: Range<Int>, to gradient: Matrix, isFirst: Bool) {
    multiplyTransposed(
      logits, stack.output(walk).columns(columns), into: gradient.columns(columns), accumulate: !isFirst,
      precision: weights.precision)
  }

  func addDecoderBiasGradient(to gradient: View<Float>) {
    Kernels.active.addRowSum(of: logits, to: gradient)
  }
}

extension NetworkWeights {
  /// The work that makes all gradients from what the shards' `learn` left: independent tasks, the longest first.
  package func gradientTasks(shards: [NetworkShard], gradients: ParameterStore) -> [WeightTask] {
    let recurrent = stack.gradientTasks(
      shards: shards.map(\.stack), gradients: gradients, prefix: ParameterName.recurrentPrefix)
    let tasks = recurrent + decoderTasks(shards, gradients) + embeddingTasks(shards, gradients)
    return tasks.sorted { $0.cost > $1.cost }
  }

  private func decoderTasks(_ shards: [NetworkShard], _ gradients: ParameterStore) -> [WeightTask] {
    let weight = gradients.matrix(named: ParameterName.decoderWeight(tied: settings.tied))
    let bias = gradients.view(named: ParameterName.decoderBias)
    let isTied = settings.tied
    let products = slices(of: weight.columnCount).map { columns in
      WeightTask(
        cost: weight.rowCount * columns.count, layer: isTied ? 0 : settings.shape.layerCount,
        places: [weight.columns(columns)]
      ) {
        for (number, shard) in shards.enumerated() {
          shard.addDecoderGradient(columns, to: weight, isFirst: number == 0)
        }
        guard isTied else { return }
        for shard in shards { shard.addEmbeddingGradient(columns, to: weight) }
      }
    }
    let biasTask = WeightTask(
      cost: bias.count, layer: settings.shape.layerCount, places: [bias.matrix(1, bias.count)]
    ) {
      bias.fill(0)
      for shard in shards { shard.addDecoderBiasGradient(to: bias) }
    }
    return products + [biasTask]
  }

  private func embeddingTasks(_ shards: [NetworkShard], _ gradients: ParameterStore) -> [WeightTask] {
    guard !settings.tied else { return [] }
    let weight = gradients.matrix(named: ParameterName.embedding)
    return [
      WeightTask(cost: weight.columnCount, layer: 0, places: [weight]) {
        weight.zero()
        for shard in shards { shard.addEmbeddingGradient(0..<weight.columnCount, to: weight) }
      }
    ]
  }
}
