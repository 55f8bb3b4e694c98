import CharLMText

/// What is known of a model and its file, as `charlm info` prints it.
package struct ModelReport: Encodable, Sendable {
  package let model: String
  package let kind: ModelKind
  package let created: String
  package let fileBytes: Int
  package let checksum: String
  package let parameters: Int
  package let settings: NetworkSettings
  package let settingsOfText: TextSettings
  package let vocabulary: Vocabulary
  package let outputVocabulary: Vocabulary?
  package let training: TrainingRecord
  package let tensors: [Tensor]

  package struct Tensor: Encodable, Sendable {
    let name: String
    let shape: [Int]
  }

  private enum CodingKeys: String, CodingKey {
    case model, kind, created, fileBytes, checksum, parameters, settings, vocabulary, outputVocabulary, training
    case settingsOfText = "text"
    case tensors
  }

  /// - Parameters:
  ///   - name: what it is called, such as its path.
  ///   - isVerified: whether the file has a checksum, which is right.
  package init(_ snapshot: ModelSnapshot, name: String, fileBytes: Int, isVerified: Bool) {
    model = name
    kind = snapshot.kind
    created = snapshot.created
    self.fileBytes = fileBytes
    checksum = isVerified ? "verified" : "absent"
    parameters = snapshot.parameterCount
    settings = snapshot.settings
    settingsOfText = snapshot.tokenizer.settings
    vocabulary = snapshot.tokenizer.vocabulary
    outputVocabulary = snapshot.kind == .transducer ? snapshot.outputTokenizer.vocabulary : nil
    training = snapshot.training
    tensors = snapshot.parameters.map { Tensor(name: $0.name, shape: $0.shape) }
  }
}
