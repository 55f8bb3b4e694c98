import CharLMText
import TestSupport

enum TestText {
  /// Independent tokens of the vocabulary of `TrainerVariant`.
  static func uniform(count: Int, seed: Int = 2) -> TokenSequence {
    var random = RandomValues(seed: seed)
    let vocabularyCount = TrainerVariant.vocabularyCount
    return TokenSequence(
      (0..<count).map { _ in TokenID.random(in: 0..<TokenID(vocabularyCount), using: &random) },
      vocabularyCount: vocabularyCount)
  }
}
