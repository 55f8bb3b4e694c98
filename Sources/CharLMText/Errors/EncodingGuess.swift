/// An encoding that a text might be in.
public struct EncodingGuess: Hashable, Sendable, Codable {
  /// Its usual name, in lower case.
  public let name: String
  /// How certain that is by ICU's detector, from 0 to 100.
  public let confidence: Int

  /// The confidence below which a guess is refused.
  package static let neededConfidence = 40
}

extension EncodingGuess: CustomStringConvertible {
  /// "windows-1252 (45 %)".
  public var description: String { "\(name) (\(confidence) %)" }
}
