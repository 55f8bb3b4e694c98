/// Clipping by global norm, as `clip_grad_norm_`: the factor for all gradients, min(1, limit / (norm + 1e-6)).
/// - Parameter limit: the largest norm; 0 or less for no clipping.
package func clippingFactor(norm: Double, limit: Float) -> Float {
  limit > 0 ? Float(min(1, Double(limit) / (norm + 1e-6))) : 1
}
