/// A language model in the reference's plain loops: embedding, stack, linear decoder, mean cross entropy.
package struct ReferenceNetwork {
  package let stack: ReferenceStack
  private let embedding: [Term]
  private let decoder: [Term]
  private let decoderBias: [Term]

  /// - Parameter parameters: `embedding.weight`, `rnn.…`, `decoder.weight` (missing where it is the embedding's) and
  ///   `decoder.bias`.
  package init(
    cell: ReferenceStack.Cell, hiddenSize: Int, layerCount: Int, isBidirectional: Bool, parameters: [String: [Term]]
  ) {
    let recurrent = parameters.filter { $0.key.hasPrefix("rnn.") }.map { (String($0.key.dropFirst(4)), $0.value) }
    stack = ReferenceStack(
      cell: cell, hiddenSize: hiddenSize, layerCount: layerCount, isBidirectional: isBidirectional,
      parameters: Dictionary(uniqueKeysWithValues: recurrent))
    embedding = parameters["embedding.weight"] ?? []
    decoder = parameters["decoder.weight"] ?? embedding
    decoderBias = parameters["decoder.bias"] ?? []
  }

  /// One sequence of tokens with what each is to predict; a negative target is ignored.
  package struct Sequence {
    package var tokens: [Int]
    package var targets: [Int]
    package var initialHidden: [[Term]]
    package var initialCell: [[Term]]
    package var beginnings: Set<Int> = []
    /// As `ReferenceStack.Sequence` has them.
    package var outputMasks: [[[Double]]] = []

    package init(
      tokens: [Int], targets: [Int], initialHidden: [[Term]], initialCell: [[Term]], beginnings: Set<Int> = []
    ) {
      self.tokens = tokens
      self.targets = targets
      self.initialHidden = initialHidden
      self.initialCell = initialCell
      self.beginnings = beginnings
    }
  }

  package struct Result {
    /// By sequence, then time.
    package var logits: [[[Term]]] = []
    /// By sequence, then time: the last layer's outputs with and without their masks.
    package var outputs: [[[Term]]] = []
    package var rawOutputs: [[[Term]]] = []
    /// By sequence, then layer · directions + direction.
    package var finalHidden: [[[Term]]] = []
    package var finalCell: [[[Term]]] = []
    /// The mean of −log p over the targets that are not ignored.
    package var loss: Term
  }

  package func run(_ sequences: [Sequence], on tape: Tape) -> Result {
    var result = Result(loss: tape.variable(0))
    var losses: [Term] = []
    let embeddingSize = embedding.count / vocabularyCount
    for sequence in sequences {
      var steps = ReferenceStack.Sequence(
        inputs: sequence.tokens.map { Array(embedding[$0 * embeddingSize..<($0 + 1) * embeddingSize]) },
        initialHidden: sequence.initialHidden, initialCell: sequence.initialCell, beginnings: sequence.beginnings)
      steps.outputMasks = sequence.outputMasks
      let states = stack.run(steps, on: tape)
      let logits = states.outputs.map { output in
        decoderBias.indices.map { linear($0, decoder, output, decoderBias, on: tape) }
      }
      for (time, target) in sequence.targets.enumerated() where target >= 0 {
        losses.append(tape.weightedSum([tape.logSumExp(logits[time]), logits[time][target]], [1, -1]))
      }
      result.logits.append(logits)
      result.outputs.append(states.outputs)
      result.rawOutputs.append(states.rawOutputs)
      result.finalHidden.append(states.finalHidden)
      result.finalCell.append(states.finalCell)
    }
    result.loss = tape.weightedSum(losses, losses.map { _ in 1 / Double(losses.count) })
    return result
  }

  private var vocabularyCount: Int { decoderBias.count }
}
