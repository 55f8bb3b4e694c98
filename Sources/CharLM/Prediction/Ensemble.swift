import CharLMText
import RecurrentNN

/// Several language models that predict together: the mean of their probabilities.
///
/// Sizes and cells may differ. The mean of K models' probabilities of a text is never worse than the worst of them, and
/// for models of about the same quality better than the best, as their errors differ (Hansen and Salamon 1990).
public struct Ensemble: NetworkPredictor {
  /// The models, as they were given.
  public let models: [LanguageModel]

  /// Models that share a vocabulary.
  /// - Parameter members: with a name each for messages, such as the file's.
  /// - Throws: `ModelMismatch` where two differ in what text becomes.
  /// - Precondition: there is at least one.
  public init(_ members: [(name: String, model: LanguageModel)]) throws(ModelMismatch) {
    require(!members.isEmpty, "an ensemble of no models")
    for other in members.dropFirst() {
      let difference =
        ModelDifference.ofText(members[0].model.tokenizer, other.model.tokenizer)
        ?? ModelDifference.ofVocabulary(members[0].model.tokenizer.vocabulary, other.model.tokenizer.vocabulary)
      if let difference { throw ModelMismatch(first: members[0].name, other: other.name, difference: difference) }
    }
    models = members.map(\.model)
  }

  /// How text becomes tokens.
  public var tokenizer: Tokenizer { models[0].tokenizer }

  /// The token that a sample without a seed begins from: that of the first model.
  public var startToken: TokenID { models[0].startToken }

  /// The text between two documents: that of the first model.
  public var documentSeparator: String? { models[0].documentSeparator }

  package var snapshots: [ModelSnapshot] { models.map(\.snapshot) }

  /// A stream at the zero state.
  public func makeStream(_ options: StreamOptions) -> NetworkStream { NetworkStream(snapshots, options) }
}
