import CharLM
import RecurrentNN
import TestSupport

/// What training's masks and penalties are, said in the reference's plain numbers.
extension NetworkProblem {
  /// Parameters as a step with noise has them: W_hh and the embedding under their masks, a tied decoder whole.
  func masked(_ parameters: [String: [Term]], _ noise: StepNoise?, on tape: Tape) -> [String: [Term]] {
    guard let noise else { return parameters }
    var result = parameters
    if model.tied { result["decoder.weight"] = parameters["embedding.weight"] }
    for (name, mask) in weightMasks(noise) {
      result[name] = zip(parameters[name] ?? [], mask).map { tape.weightedSum([$0], [$1]) }
    }
    return result
  }

  /// By name, row-major: what the elements of the parameters are multiplied by.
  private func weightMasks(_ noise: StepNoise) -> [String: [Double]] {
    var masks: [String: [Double]] = [:]
    let (shape, regularization) = (model.shape, noise.regularization)
    let embedding = MaskKey(embeddingWithSeed: noise.seed, step: noise.step)
    masks["embedding.weight"] = (0..<vocabularyCount).flatMap { token in
      // One number for the whole row.
      let factor = mask(embedding.key(row: token), 1, regularization.embeddingDropout)[0]
      return [Double](repeating: factor, count: model.embedding)
    }
    for layer in 0..<model.layers {
      for isReverse in model.bidirectional ? [false, true] : [false] {
        let stem = MaskKey(weightWithSeed: noise.seed, step: noise.step, layer: layer, isReverse: isReverse)
        masks["rnn.weight_hh" + shape.suffix(layer: layer, isReverse: isReverse)] = (0..<shape.gateSize).flatMap {
          mask(stem.key(row: $0), model.hidden, regularization.weightDrop)
        }
      }
    }
    return masks
  }

  /// By layer, then time.
  func outputMasks(of sequence: Int, _ noise: StepNoise?) -> [[[Double]]] {
    guard let noise, noise.dropout > 0 else { return [] }
    return (0..<model.layers).map { layer in
      let stem = MaskKey(seed: noise.seed, step: noise.step, layer: layer)
      return tokens[sequence].indices.map { time in
        let key = noise.regularization.isLocked ? stem.key(row: sequence) : stem.key(time: time, row: sequence)
        return mask(key, model.shape.outputSize, noise.dropout)
      }
    }
  }

  /// The mean loss and the penalties.
  func objective(_ result: ReferenceNetwork.Result, _ noise: StepNoise?, on tape: Tape) -> Term {
    guard let noise else { return result.loss }
    let squares = result.outputs.joined().joined().map { tape.product($0, $0) }
    var changes: [Term] = []
    for (sequence, outputs) in result.rawOutputs.enumerated() {
      for time in outputs.indices.dropFirst() where !resets.contains(Walk.Reset(step: time, row: sequence)) {
        for (before, after) in zip(outputs[time - 1], outputs[time]) {
          let change = tape.weightedSum([after, before], [1, -1])
          changes.append(tape.product(change, change))
        }
      }
    }
    func mean(_ terms: [Term]) -> Term { tape.weightedSum(terms, terms.map { _ in 1 / Double(terms.count) }) }
    return tape.weightedSum(
      [result.loss, mean(squares), mean(changes)],
      [1, Double(noise.regularization.activation), Double(noise.regularization.temporal)])
  }

  private func mask(_ key: UInt64, _ count: Int, _ probability: Float) -> [Double] {
    let (ones, keys) = (Buffer<Float>(count: count), Buffer<UInt64>(count: 1))
    ones.view.fill(1)
    keys.view[0] = key
    Kernels.active.dropout(ones.view.matrix(1, count), probability: probability, keys: keys.view)
    return ones.view.array.map { Double($0) }
  }
}
