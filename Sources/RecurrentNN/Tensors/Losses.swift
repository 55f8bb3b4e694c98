/// Softmax cross entropy in nats: the mean of −log p(target) over the targets that are not ignored.
///
/// - Parameters:
///   - logits: (rows, classes).
///   - targets: a class for each row.
///   - ignored: a target that does not count; −100 as in PyTorch.
/// - Returns: a number; 0 where every target is ignored, with a gradient of zeros.
/// - Precondition: as many targets as rows, each a class or the ignored one.
public func crossEntropy(_ logits: Tensor, _ targets: [Int], ignoring ignored: Int = -100) -> Tensor {
  require(
    logits.rank == 2 && logits.size(0) == targets.count,
    "cross entropy of logits of shape \(logits.shape) with \(targets.count) targets")
  let (rows, classes) = (logits.size(0), logits.size(1))
  for target in targets where target != ignored {
    require(target >= 0 && target < classes, "target \(target) of \(classes) classes")
  }
  let counted = targets.count { $0 != ignored }
  let buffer = Buffer<Float>(count: rows * classes)
  let codes = Buffer<Int32>(count: rows)
  buffer.view.copy(from: logits.values)
  codes.view.copy(from: targets.map { $0 == ignored ? -1 : Int32($0) })
  let scale = 1 / Float(max(counted, 1))
  let sum = Kernels.active.crossEntropyGradient(
    buffer.view.matrix(rows, classes), targets: codes.view, scale: scale)
  return Tensor.result([Float(sum / Double(max(counted, 1)))], shape: [], from: [logits]) { gradient in
    [buffer.view.array.map { $0 * gradient[0] }]
  }
}

/// The mean of the squared differences of all elements.
/// - Precondition: the shapes are equal.
public func meanSquaredError(_ prediction: Tensor, _ target: Tensor) -> Tensor {
  require(
    prediction.shape == target.shape, "mean squared error of the shapes \(prediction.shape) and \(target.shape)")
  let difference = prediction - target
  return (difference * difference).mean()
}
