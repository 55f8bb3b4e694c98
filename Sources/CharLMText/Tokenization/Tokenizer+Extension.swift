extension Tokenizer {
  /// This tokenizer with the tokens that its settings would make of a counted text and that it lacks.
  package func extended(by builder: VocabularyBuilder) -> Tokenizer {
    // Where the settings leave nothing of the text, there is nothing to add.
    guard let counted = try? builder.vocabulary() else { return self }
    var settings = settings
    let vocabulary = vocabulary.extended(by: counted)
    settings.vocabularySize = settings.vocabularySize.map { max($0, vocabulary.count) }
    return Tokenizer(vocabulary: vocabulary, settings: settings)
  }
}
