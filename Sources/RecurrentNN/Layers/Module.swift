/// Something with parameters: a layer, or what you build of layers.
///
///     struct Tagger: Module {
///       let embedding = Embedding(65, 16)
///       let rnn = LSTM(16, 64)
///       let decoder = Linear(64, 5)
///       var children: Children { ["embedding": embedding, "rnn": rnn, "decoder": decoder] }
///     }
///
/// The names are those that the members of the `nn.Module` have in Python: then `save(to:)` writes what
/// `module.load_state_dict(safetensors.torch.load_file(path))` reads there, and `load(from:)` reads what
/// `safetensors.torch.save_file(module.state_dict(), path)` wrote.
public protocol Module {
  /// Modules by their names.
  typealias Children = KeyValuePairs<String, any Module>

  /// The modules that this one is made of.
  var children: Children { get }
  /// The parameters that an optimizer changes: by default those of the children.
  var parameters: [ParameterStore] { get }
  /// The parameters that belong to no child, those that no optimizer changes included: by default `parameters`, where
  /// there are no children.
  var ownParameters: [ParameterStore] { get }
}

extension Module {
  /// None.
  public var children: Children { [:] }
  /// Those of the children.
  public var parameters: [ParameterStore] { children.flatMap { $0.value.parameters } }
  /// `parameters`, where there are no children.
  public var ownParameters: [ParameterStore] { children.isEmpty ? parameters : [] }

  /// Every parameter by name and shape, in PyTorch's order; the names of a child's begin with the child's, as in
  /// `rnn.weight_ih_l0`.
  public var namedParameters: [ParameterLayout] { placedParameters().map(\.layout) }

  /// Every parameter with its whole name, and the store that it lies in.
  func placedParameters(prefix: String = "") -> [(layout: ParameterLayout, store: ParameterStore)] {
    let own = ownParameters.flatMap { store in
      store.layouts.map { layout in
        (ParameterLayout(name: prefix + layout.name, shape: layout.shape, offset: layout.offset), store)
      }
    }
    return own + children.flatMap { $0.value.placedParameters(prefix: prefix + $0.key + ".") }
  }

  /// The number of parameters that an optimizer changes.
  public var parameterCount: Int { parameters.reduce(0) { $0 + $1.parameterCount } }

  /// Sets all gradients to zero.
  public func zeroGradients() { for store in parameters { store.zeroGradients() } }

  /// Draws every parameter again from N(mean, deviation²).
  public func fillParametersNormal(mean: Float = 0, deviation: Float) {
    fill { view, generator in view.fillNormal(mean: mean, deviation: deviation, using: &generator) }
  }

  /// Draws every parameter again from U(−bound, bound).
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
