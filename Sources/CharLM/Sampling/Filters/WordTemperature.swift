import CharLMText

/// Divides the logits by one temperature inside words, and leaves them to the other filters where a word may begin: what
/// to write is free, how to spell it is not. A word goes on after a letter, a mark or a digit.
public struct WordTemperature: SamplingFilter {
  /// The temperature inside words, 0 or more.
  public let inside: Temperature
  /// The temperature elsewhere.
  public let outside: Temperature
  private let continuesWord: [Bool]  // (V)
  private var isInside = false

  /// - Parameter vocabulary: tells which tokens end with a letter, a mark or a digit.
  /// - Precondition: the temperatures are 0 or more.
  public init(inside: Float, outside: Float, _ vocabulary: Vocabulary) {
    (self.inside, self.outside) = (Temperature(inside), Temperature(outside))
    continuesWord = (0..<vocabulary.count).map { token in
      let text = String(decoding: vocabulary.bytes(of: TokenID(token)), as: UTF8.self)
      return text.unicodeScalars.last.map(WordTemperature.isOfWord) ?? false
    }
  }

  private static func isOfWord(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.properties.generalCategory {
    case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter, .nonspacingMark,
      .spacingMark, .enclosingMark, .decimalNumber:
      true
    default: false
    }
  }

  /// Follows whether a word has begun.
  public mutating func note(_ token: TokenID) { isInside = continuesWord[Int(token)] }

  /// Divides the logits by the temperature of the place.
  public func apply(to logits: inout MutableSpan<Float>) { (isInside ? inside : outside).apply(to: &logits) }
}
