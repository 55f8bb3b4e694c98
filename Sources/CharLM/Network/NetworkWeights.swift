import RecurrentNN

/// The parameters of a network in one flat store, and the copies of them that are packed for products.
package final class NetworkWeights {
  package let settings: NetworkSettings
  package let inputVocabularyCount: Int
  package let outputVocabularyCount: Int
  package let store: ParameterStore
  package let stack: StackWeights
  package let decoder: PackedWeight
  /// What the products are made in.
  package let precision: Precision

  /// Weights for work of a given size.
  /// - Parameter store: the parameters, in the layout of `NetworkWeights.emptyStore`.
  package init(_ settings: NetworkSettings, store: ParameterStore, plan: PackingPlan) {
    self.settings = settings
    self.store = store
    inputVocabularyCount = store.matrix(named: ParameterName.embedding).rowCount
    outputVocabularyCount = store.view(named: ParameterName.decoderBias).count
    stack = StackWeights(store, settings.shape, prefix: ParameterName.recurrentPrefix, plan: plan)
    decoder = PackedWeight(
      store.matrix(named: ParameterName.decoderWeight(tied: settings.tied)),
      largestRowCount: plan.capacity.rowCount, plan: plan)
    precision = plan.precision
  }

  package static func emptyStore(
    _ settings: NetworkSettings, inputVocabulary: Int, outputVocabulary: Int
  ) -> ParameterStore {
    ParameterStore(
      settings.parameterShapes(inputVocabulary: inputVocabulary, outputVocabulary: outputVocabulary))
  }

  /// A store with PyTorch's initial values: Embedding N(0, 1), cells U(±1/√H), Linear U(±1/√in). A tied embedding is
  /// drawn as the decoder's weight, for N(0, 1) would make logits of variance H.
  package static func initialStore(
    _ settings: NetworkSettings, inputVocabulary: Int, outputVocabulary: Int, seed: UInt64
  ) -> ParameterStore {
    let store = emptyStore(settings, inputVocabulary: inputVocabulary, outputVocabulary: outputVocabulary)
    var generator = SeededGenerator(seed: seed)
    let decoderBound = 1 / Float(settings.shape.outputSize).squareRoot()
    if settings.tied {
      store.view(named: ParameterName.embedding).fillUniform(bound: decoderBound, using: &generator)
    } else {
      store.view(named: ParameterName.embedding).fillNormal(using: &generator)
      store.view(named: ParameterName.decoderWeight).fillUniform(bound: decoderBound, using: &generator)
    }
    store.initializeRecurrent(
      settings.shape, prefix: ParameterName.recurrentPrefix, forgetBias: settings.forgetBias, using: &generator)
    store.view(named: ParameterName.decoderBias).fillUniform(bound: decoderBound, using: &generator)
    return store
  }

  package var embedding: Matrix { store.matrix(named: ParameterName.embedding) }
  package var decoderBias: View<Float> { store.view(named: ParameterName.decoderBias) }

  /// The work that brings the packed copies up to date after the store changed, as independent tasks.
  package var refreshTasks: [() -> Void] { stack.refreshTasks + decoder.refreshTasks }
}
