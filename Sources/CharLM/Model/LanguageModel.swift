import CharLMText

/// A model of text that a program can sample from and evaluate: an immutable value, safe to share between threads.
public struct LanguageModel: Sendable {
  /// Settings, vocabulary, parameters.
  public let snapshot: ModelSnapshot

  /// A language model, or nil where the snapshot is of another kind.
  public init?(_ snapshot: ModelSnapshot) {
    guard snapshot.kind == .language else { return nil }
    self.snapshot = snapshot
  }

  /// How text becomes the model's tokens.
  public var tokenizer: Tokenizer { snapshot.tokenizer }
}
