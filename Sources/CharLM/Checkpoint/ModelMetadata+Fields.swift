import CharLMFiles
import CharLMText
import RecurrentNN

extension ModelMetadata {
  /// The metadata of a file.
  package var fields: [String: String] {
    var fields = [
      "charlm_format": String(Checkpoint.format),
      "kind": kind.rawValue,
      "created": created,
      "model": SnakeCaseJSON.text(settings),
      "text": SnakeCaseJSON.text(tokenizer.settings),
      "training": SnakeCaseJSON.text(training),
      "vocabulary": SnakeCaseJSON.text(tokenizer.vocabulary),
    ]
    if kind == .transducer { fields["output_vocabulary"] = SnakeCaseJSON.text(outputTokenizer.vocabulary) }
    return fields
  }

  /// Reads the metadata of a model or of a run's state, and checks it in itself.
  init(_ fields: MetadataFields) throws(CheckpointError) {
    try fields.checkFormat(atMost: Checkpoint.format)
    let kind: ModelKind = try fields.choice("kind")
    let settings = try fields.decoded("model", as: NetworkSettings.self)
    let text = try fields.decoded("text", as: TextSettings.self)
    let vocabulary = try fields.decoded("vocabulary", as: Vocabulary.self)
    let training = try fields.decoded("training", as: TrainingRecord.self)
    let outputVocabulary =
      kind == .transducer ? try fields.decoded("output_vocabulary", as: Vocabulary.self) : vocabulary
    do throws(ModelFlaw) {
      try ModelMetadata.check(settings, text, kind, training)
    } catch {
      throw .model(source: fields.source, error)
    }
    self.init(
      kind: kind, created: try fields.string("created"), settings: settings,
      tokenizer: Tokenizer(vocabulary: vocabulary, settings: text),
      outputTokenizer: Tokenizer(vocabulary: outputVocabulary, settings: text),
      training: training)
  }

  /// Refuses what no model has, and what a damaged or hostile file could use to ask for absurd memory.
  private static func check(
    _ settings: NetworkSettings, _ text: TextSettings, _ kind: ModelKind, _ training: TrainingRecord
  ) throws(ModelFlaw) {
    do throws(OutOfRange) {
      try settings.checkRanges()
      try text.checkRanges()
      try training.checkRanges()
    } catch {
      throw .outOfRange(error)
    }
    if settings.tied, settings.embedding != settings.shape.outputSize {
      throw .tiedSizes(embedding: settings.embedding, output: settings.shape.outputSize)
    }
    if settings.bidirectional, kind == .language { throw .bidirectionalLanguageModel }
  }
}
