import CharLMData
import CharLMText

/// What a predictor makes of a text, by its bytes: so predictors can be compared whose tokens differ.
///
/// 5 bytes of memory for each of the text.
public struct ByteScores: Sendable {
  /// The text as the predictor reads it.
  let utf8: [UInt8]
  /// At the first byte of each token, its surprisal in bits; a document token's is added to that of the byte after it.
  private(set) var bits: [Float]
  /// Whether a byte belongs to a token that was predicted.
  private(set) var isPredicted: [Bool]
  /// The surprisal of document tokens at the very end.
  private(set) var endBits: Float = 0

  /// Scores a text.
  /// - Parameters:
  ///   - text: encoded with this predictor's tokenizer.
  ///   - threadCount: does not change the result.
  /// - Throws: `TokenFileError` where tokens lie in a file that cannot be read.
  public init(_ predictor: some Predictor, _ text: PlacedText, threadCount: Int = 1) throws(TokenFileError) {
    utf8 = text.utf8
    bits = Array(repeating: 0, count: utf8.count)
    isPredicted = Array(repeating: false, count: utf8.count)
    let scorer = TextScorer(predictor, text, guessCount: 0, threadCount: threadCount)
    while let scores = try scorer.next() {
      for score in scores {
        guard let cost = score.bits else { continue }
        if score.range.lowerBound < utf8.count {
          bits[score.range.lowerBound] += Float(cost)
        } else {
          endBits += Float(cost)
        }
        for offset in score.range { isPredicted[offset] = true }
      }
    }
  }
}
