import CharLM
import CharLMText

/// The model that is at the path of a new run before its first save, and where the run is going to keep it.
public struct EarlierModel: Sendable {
  /// Where its file is kept, or that of its run's state where there is no model.
  public let keptPath: String
  private let metadata: ModelMetadata?

  /// - Note: To be made before the run's first save, while the model is still in its place.
  public init?(atModelPath path: String) {
    guard let kept = EarlierModels.keptModel(forModel: path) ?? EarlierModels.keptState(forModel: path) else {
      return nil
    }
    keptPath = kept
    metadata = (try? CheckpointFile(path: path))?.metadata
  }
}

/// In what an earlier model is better than a run's.
public enum EarlierAdvantage: Equatable, Sendable {
  /// Its validation loss, in nats per token, on the same text is lower.
  case loss(earlier: Double, this: Double)
  /// It was trained on more tokens; its loss cannot be compared.
  case tokens(earlier: Int, this: Int)
}

extension EarlierModel {
  /// In what the model is better than the run's; nil where it is not.
  public func advantage(over run: TrainingRun) -> EarlierAdvantage? {
    guard let metadata else { return nil }
    let (earlier, this) = (metadata.training, run.record)
    if isComparable(metadata, run), let old = earlier.bestValidNats, let new = this.bestValidNats {
      return old < new ? .loss(earlier: old, this: new) : nil
    }
    return earlier.trainedTokens > this.trainedTokens
      ? .tokens(earlier: earlier.trainedTokens, this: this.trainedTokens) : nil
  }

  /// Whether the two losses are of the same tokens.
  private func isComparable(_ metadata: ModelMetadata, _ run: TrainingRun) -> Bool {
    metadata.kind == run.data.kind && metadata.training.corpus.isSameText(as: run.data.corpus)
      && metadata.tokenizer.settings == run.data.tokenizer.settings
      && metadata.outputTokenizer.vocabulary == run.data.outputTokenizer.vocabulary
  }
}
