import CharLMText

/// Takes down the text that tokens were made of, and where each of them stands in it, while it is encoded.
final class PlaceRecorder {
  /// The text so far, in the model's normalization, separators of documents included.
  private(set) var utf8: [UInt8] = []
  /// The tokens that do not begin where the one before ends, and where they begin.
  private(set) var jumps: [(token: Int, offset: Int)] = []
  private let separator: [UInt8]
  private let vocabulary: Vocabulary
  private var tokenCount = 0
  /// Where the last token ends.
  private var end = 0

  init(_ vocabulary: Vocabulary, separator: String?) {
    self.vocabulary = vocabulary
    self.separator = Array((separator ?? "").utf8)
  }

  /// The document token stands for no text.
  func appendDocumentToken() { tokenCount += 1 }

  /// Takes a part of the text and what it was encoded as.
  func append(_ part: DocumentPart, _ encoding: MeasuredEncoding) {
    for _ in 0..<part.separatorCount { utf8 += separator }
    let base = utf8.count
    utf8 += part.piece.normalized
    if encoding.skipped.isEmpty, encoding.substituted.isEmpty {
      begin(at: base)
      tokenCount += encoding.tokens.count
      end = utf8.count
    } else {
      walk(encoding, from: base)
    }
  }

  private func walk(_ encoding: MeasuredEncoding, from base: Int) {
    var (skipped, substituted) = (encoding.skipped[...], encoding.substituted[...])
    var offset = 0
    for token in encoding.tokens {
      if let range = skipped.first, range.lowerBound == offset {
        offset = range.upperBound
        skipped.removeFirst()
      }
      begin(at: base + offset)
      tokenCount += 1
      if let range = substituted.first, range.lowerBound == offset {
        offset = range.upperBound
        substituted.removeFirst()
        jumps.append((tokenCount, base + offset))
      } else {
        offset += vocabulary.bytes(of: token).count
      }
      end = base + offset
    }
  }

  private func begin(at offset: Int) {
    if offset != end { jumps.append((tokenCount, offset)) }
    end = offset
  }
}
