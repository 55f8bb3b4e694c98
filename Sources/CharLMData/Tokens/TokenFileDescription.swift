import CharLMFiles
import CharLMText

/// What the tokens of a file are of: what a later reading compares with what it needs.
struct TokenFileDescription: Codable, Hashable, Sendable {
  /// The files with their digests and encodings, and what was kept for validation.
  var corpus: CorpusRecord
  /// The settings that were asked for.
  var requested: TextSettings
  /// Whether what was not asked for was chosen.
  var isAutomatic: Bool
  /// Whether the vocabulary was given, not counted.
  var isVocabularyGiven: Bool
  /// The settings that the tokens are made by.
  var text: TextSettings
  /// The tokens' numbers.
  var vocabulary: Vocabulary
  /// The version of Unicode that graphemes and words were cut by.
  var unicodeVersion: String
  /// How tokens were handled that the vocabulary lacks.
  var onUnknown: Tokenizer.UnknownPolicy
  /// The number of tokens to train on, which come first.
  var trainTokenCount = 0
  /// The number of tokens to validate on.
  var validationTokenCount = 0
  /// Bytes and graphemes of what is predicted of the validation part.
  var predictedByteCount = 0
  var predictedGraphemeCount = 0
  /// How many tokens of the validation part the vocabulary lacks.
  var unknownCount = 0
  /// The number of documents; 0 for a text without documents.
  var documentCount = 0

  /// Whether the numbers can be those of a file of so many tokens; they are as a file says, so anything may stand there.
  func isPossible(tokenCount: Int) -> Bool {
    let others = [predictedByteCount, predictedGraphemeCount, unknownCount, documentCount]
    let (sum, overflow) = trainTokenCount.addingReportingOverflow(validationTokenCount)
    return min(trainTokenCount, validationTokenCount) >= 0 && !overflow && sum == tokenCount
      && others.allSatisfy { $0 >= 0 }
  }

  /// The bytes of JSON.
  var json: [UInt8] { Array(SnakeCaseJSON.text(self).utf8) }
}

extension TokenFileDescription {
  /// Reads JSON.
  init(json: [UInt8]) throws {
    self = try SnakeCaseJSON.value(TokenFileDescription.self, from: json)
  }
}
