/// Something with parameters: a layer, or what you build of layers.
///
///     struct Forecaster: Module {
///       let rnn = RNN(1, 16)
///       let linear = Linear(16, 1)
///       var parameters: [ParameterStore] { rnn.parameters + linear.parameters }
///     }
public protocol Module {
  /// The parameters, for an optimizer.
  var parameters: [ParameterStore] { get }
}

extension Module {
  /// Every parameter by name and shape.
  public var namedParameters: [ParameterLayout] { parameters.flatMap(\.layouts) }

  /// The number of parameters.
  public var parameterCount: Int { parameters.reduce(0) { $0 + $1.parameterCount } }

  /// Sets all gradients to zero.
  public func zeroGradients() { for store in parameters { store.zeroGradients() } }

  /// Draws every parameter anew from N(mean, deviation²).
  public func fillParametersNormal(mean: Float = 0, deviation: Float) {
    fill { view, generator in view.fillNormal(mean: mean, deviation: deviation, using: &generator) }
  }

  /// Draws every parameter anew from U(−bound, bound).
  public func fillParametersUniform(bound: Float) {
    fill { view, generator in view.fillUniform(bound: bound, using: &generator) }
  }

  private func fill(_ draw: (View<Float>, inout SeededGenerator) -> Void) {
    for store in parameters {
      for layout in store.layouts {
        RandomNumbers.withShared { draw(store.flat[layout.range], &$0) }
      }
      store.noteChange()
    }
  }
}
