import CharLMData
import CharLMText
import RecurrentNN

extension Predictor {
  /// What would most likely stand in a text instead: the likeliest tokens one after the other from a place on, to the end
  /// of the word; where no word goes on there, one token.
  /// - Parameters:
  ///   - index: the number of the token that is replaced; not the first.
  ///   - text: encoded with this model's tokenizer.
  /// - Returns: the text of these tokens.
  /// - Throws: `TokenFileError` where tokens lie in a file that cannot be read.
  /// - Complexity: 512 tokens before the place are read.
  public func expectation(at index: Int, of text: PlacedText) throws(TokenFileError) -> String {
    var stream = makeStream()
    for token in try text.evaluation.tokens.tokens(max(0, index - Evaluator.warmup)..<index) { stream.read(token) }
    var utf8: [UInt8] = []
    for _ in 0..<Expectation.longest {
      let token = stream.withLogits { $0.likeliestToken }
      let bytes = tokenizer.vocabulary.bytes(of: token)
      guard utf8.isEmpty || Expectation.continuesWord(bytes) else { break }
      utf8 += bytes
      guard Expectation.continuesWord(bytes) else { break }
      stream.read(token)
    }
    return String(decoding: utf8, as: UTF8.self)
  }
}

extension Predictor {
  /// The word that would most likely stand instead of a surprising one: what stands before the surprise is taken as it is.
  /// - Throws: `TokenFileError` where tokens lie in a file that cannot be read.
  package func expectedWord(insteadOf word: SurprisingPart, of text: PlacedText) throws(TokenFileError) -> String {
    let place = max(word.range.lowerBound, word.peak.range.lowerBound)
    let before = String(decoding: text.utf8[word.range.lowerBound..<place], as: UTF8.self)
    let instead = try expectation(at: word.peak.index, of: text)
    let isWord = instead.unicodeScalars.first.map { $0.properties.isAlphabetic || $0.properties.numericType != nil }
    return isWord == true ? before + instead : before
  }
}

private enum Expectation {
  /// The most tokens of a word.
  static let longest = 32

  /// Whether bytes belong to a word; parts of scalars, which tokens of bytes may be, do.
  static func continuesWord(_ bytes: ArraySlice<UInt8>) -> Bool {
    guard !bytes.isEmpty else { return false }
    return String(decoding: bytes, as: UTF8.self).unicodeScalars.allSatisfy { scalar in
      scalar.properties.isAlphabetic || scalar.properties.numericType != nil || scalar == "\u{FFFD}" || scalar == "'"
        || scalar == "\u{2019}" || scalar.properties.generalCategory == .nonspacingMark
    }
  }
}

extension Span where Element == Float {
  fileprivate var likeliestToken: TokenID {
    var best = 0
    for token in indices where self[token] > self[best] { best = token }
    return TokenID(best)
  }
}
