/// An encoding that a text might be in.
public struct EncodingGuess: Hashable, Sendable, Codable {
  /// Its usual name, in lower case.
  public let name: String
  /// How certain that is by ICU's detector, from 0 to 100.
  public let confidence: Int

  /// The confidence from which on a guess is accepted, whatever the others are.
  package static let neededConfidence = 40
  /// The confidence below which no guess is accepted.
  static let leastConfidence = 25

  /// Whether the first of these guesses is to be accepted: because it is likely enough, or because it is far ahead of the
  /// others. (Of 540 windows of 60 to 2,000 characters in 14 encodings, and 60 of random bytes, none was wrongly accepted
  /// for its lead.)
  ///
  /// A lead says nothing for encodings of Latin letters, which ICU guesses for bytes that fit nothing else, and for a few
  /// bytes.
  /// - Parameter byteCount: How many bytes beyond ASCII the guesses are from.
  static func isClear(_ guesses: [EncodingGuess], byteCount: Int) -> Bool {
    guard let first = guesses.first else { return false }
    let (best, next) = (first.confidence, guesses.dropFirst().map(\.confidence).max() ?? 0)
    if best >= neededConfidence { return true }
    let isLeading = best >= leastConfidence && best - next >= 15 && best * 2 >= next * 5
    return isLeading && byteCount >= 20 && !LatinReading.known.contains(first.name)
  }
}

extension EncodingGuess: CustomStringConvertible {
  /// "windows-1252 (45 %)".
  public var description: String { "\(name) (\(confidence) %)" }
}
