import CharLMText

/// What a transducer makes of pairs.
public struct PairEvaluation: Hashable, Sendable {
  /// The sums over all tokens.
  public var sums = Evaluation()
  /// The number of pairs.
  public var pairCount = 0
  /// The number of pairs whose every token was right.
  public var correctPairCount = 0
  /// The number of words: runs of output tokens that are not white space.
  public var wordCount = 0
  /// The number of words whose every token was right.
  public var correctWordCount = 0

  /// The part of pairs that were right in every token.
  public var sequenceAccuracy: Double { Double(correctPairCount) / Double(pairCount) }
  /// The part of words that were right in every token; NaN without words.
  public var wordAccuracy: Double { Double(correctWordCount) / Double(wordCount) }

  package mutating func add(_ other: PairEvaluation) {
    sums.add(other.sums)
    pairCount += other.pairCount
    correctPairCount += other.correctPairCount
    wordCount += other.wordCount
    correctWordCount += other.correctWordCount
  }

  mutating func add(_ tally: WordTally) {
    pairCount += 1
    correctPairCount += tally.isRight ? 1 : 0
    wordCount += tally.wordCount
    correctWordCount += tally.wordCount - tally.wrongWordCount
  }
}

/// Counts the words of one pair as its tokens come.
struct WordTally {
  /// Whether every token was right.
  var isRight = true
  var wordCount = 0
  var wrongWordCount = 0
  private var isInWord = false
  private var isWordRight = true

  mutating func note(isRight: Bool, isSpace: Bool) {
    if !isRight { self.isRight = false }
    if isSpace {
      isInWord = false
      return
    }
    if !isInWord {
      (isInWord, isWordRight) = (true, true)
      wordCount += 1
    }
    if !isRight, isWordRight {
      isWordRight = false
      wrongWordCount += 1
    }
  }
}

extension Vocabulary {
  /// The tokens that are white space and nothing else.
  package var spaces: Set<TokenID> {
    Set(
      (0..<TokenID(count)).filter { id in
        let scalars = String(decoding: bytes(of: id), as: UTF8.self).unicodeScalars
        return !scalars.isEmpty && scalars.allSatisfy(\.properties.isWhitespace)
      })
  }
}
