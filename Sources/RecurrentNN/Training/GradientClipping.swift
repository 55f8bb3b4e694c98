/// Clipping by global norm, as `clip_grad_norm_`: the factor for all gradients, min(1, limit / (norm + 1e-6)).
/// - Parameter limit: the largest norm; 0 or less for no clipping.
package func clippingFactor(norm: Double, limit: Float) -> Float {
  limit > 0 ? Float(min(1, Double(limit) / (norm + 1e-6))) : 1
}

/// A non-finite gradient, by the parameter's name.
public struct GradientNotFinite: Error, Equatable, Sendable, CustomStringConvertible {
  /// The first parameter with such a gradient.
  public let parameter: String

  /// One line: which parameter.
  public var description: String { "the gradient of \(parameter) is not finite" }
}

/// Scales all gradients so that their norm together is at most `limit`.
/// - Returns: the norm before.
/// - Throws: `GradientNotFinite` where the norm is NaN or infinite; the gradients are then as they were.
@discardableResult
public func clipGradientNorm(_ parameters: [ParameterStore], to limit: Float) throws(GradientNotFinite) -> Float {
  let norm = parameters.reduce(0.0) { $0 + Kernels.active.squaredNorm($1.gradients.flat) }.squareRoot()
  guard norm.isFinite else { throw firstNotFinite(parameters) }
  let factor = clippingFactor(norm: norm, limit: limit)
  if factor < 1 { for store in parameters { Kernels.active.scale(store.gradients.flat, by: factor) } }
  return Float(norm)
}

/// Clamps every gradient to [−limit, limit].
/// - Throws: `GradientNotFinite` where one is NaN or infinite; the gradients are then as they were.
public func clipGradientValue(_ parameters: [ParameterStore], to limit: Float) throws(GradientNotFinite) {
  let norm = parameters.reduce(0.0) { $0 + Kernels.active.squaredNorm($1.gradients.flat) }
  guard norm.isFinite else { throw firstNotFinite(parameters) }
  for store in parameters {
    let gradients = store.gradients.flat
    for index in 0..<gradients.count { gradients[index] = min(max(gradients[index], -limit), limit) }
  }
}

private func firstNotFinite(_ parameters: [ParameterStore]) -> GradientNotFinite {
  for store in parameters {
    for layout in store.layouts where !store.gradients.values(named: layout.name).allSatisfy(\.isFinite) {
      return GradientNotFinite(parameter: layout.name)
    }
  }
  return GradientNotFinite(parameter: "all parameters together")
}
