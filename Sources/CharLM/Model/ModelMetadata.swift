import CharLMText
import RecurrentNN

/// What a model is for.
public enum ModelKind: String, Codable, Hashable, Sendable {
  /// Continues text.
  case language
  /// Turns a text into another of as many tokens.
  case transducer
}

/// All of a model but its parameters.
package struct ModelMetadata: Sendable {
  /// What the model is for.
  package var kind: ModelKind
  /// When it was made, ISO 8601.
  package var created: String
  /// Sizes and options of the network.
  package var settings: NetworkSettings
  /// How input text becomes tokens.
  package var tokenizer: Tokenizer
  /// A transducer's output tokens; for a language model the input's.
  package var outputTokenizer: Tokenizer
  /// How it was trained and how that went.
  package var training: TrainingRecord

  package init(
    kind: ModelKind, created: String, settings: NetworkSettings, tokenizer: Tokenizer, outputTokenizer: Tokenizer,
    training: TrainingRecord
  ) {
    self.kind = kind
    self.created = created
    self.settings = settings
    self.tokenizer = tokenizer
    self.outputTokenizer = outputTokenizer
    self.training = training
  }

  /// Every parameter of the network, in order.
  package var parameterShapes: [(name: String, shape: [Int])] {
    settings.parameterShapes(
      inputVocabulary: tokenizer.vocabulary.count, outputVocabulary: outputTokenizer.vocabulary.count)
  }
}
