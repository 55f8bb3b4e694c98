import CharLM
import CharLMFiles
import CharLMText

/// What `charlm info` prints.
struct ModelReport: Encodable {
  let model: String
  let kind: ModelKind
  let created: String
  let fileBytes: Int
  let checksum: String
  let parameters: Int
  let settings: NetworkSettings
  let settingsOfText: TextSettings
  let vocabulary: Vocabulary
  let outputVocabulary: Vocabulary?
  let training: TrainingRecord
  let tensors: [Tensor]

  struct Tensor: Encodable {
    let name: String
    let shape: [Int]
  }

  private enum CodingKeys: String, CodingKey {
    case model, kind, created, fileBytes, checksum, parameters, settings, vocabulary, outputVocabulary, training
    case settingsOfText = "text"
    case tensors
  }

  init(_ found: ModelLookup.Found) {
    let snapshot = found.model
    model = found.path
    kind = snapshot.kind
    created = snapshot.created
    fileBytes = (try? Files.size(found.path)) ?? 0
    checksum = found.isVerified ? "verified" : "absent"
    parameters = snapshot.parameterCount
    settings = snapshot.settings
    settingsOfText = snapshot.tokenizer.settings
    vocabulary = snapshot.tokenizer.vocabulary
    outputVocabulary = snapshot.kind == .transducer ? snapshot.outputTokenizer.vocabulary : nil
    training = snapshot.training
    tensors = snapshot.parameters.map { Tensor(name: $0.name, shape: $0.shape) }
  }
}
