/// Turns sampled tokens into text as they come, in whole graphemes (one of more than 1,024 bytes comes in pieces).
///
/// Bytes are held back until they make a whole scalar, and a grapheme until what follows shows that it is finished.
/// Ill-formed bytes, which a model of bytes may make, come out as U+FFFD. What all calls return, joined, is the decoded
/// text. A copy goes on by itself.
public struct StreamingDecoder: Sendable {
  private let vocabulary: Vocabulary
  /// Valid UTF-8 whose last grapheme may still grow.
  private var held: [UInt8] = []
  /// The beginning of a scalar, at most three bytes.
  private var partial: [UInt8] = []

  /// A longer grapheme is released in pieces, so that what is held stays small.
  private static let longestGrapheme = 1024

  /// A decoder at the start of a text.
  public init(vocabulary: Vocabulary) { self.vocabulary = vocabulary }

  /// Takes a token, and returns the text that became certain, perhaps none.
  ///
  /// - Complexity: O(bytes held back).
  public mutating func append(_ id: TokenID) -> String {
    append(vocabulary.bytes(of: id))
  }

  /// Takes bytes, such as those of a seed text, and returns the text that became certain.
  public mutating func append(_ bytes: some Sequence<UInt8>) -> String {
    partial.append(contentsOf: bytes)
    takeScalars()
    var certain = 0
    Segmenter(unit: .grapheme).forEachToken(in: held.span) { certain = $0.lowerBound }
    // A model may write marks without end, and all that is held is segmented again at each token.
    if held.count - certain > Self.longestGrapheme { certain = held.count }
    return release(certain)
  }

  /// Returns what is still held back, and begins a new text.
  public mutating func finish() -> String {
    let end = String(decoding: partial, as: UTF8.self)
    partial = []
    return release(held.count) + end
  }

  /// Returns what is still held back, but for a scalar or a grapheme that is cut: bytes that are not a whole scalar, and
  /// what ends with a joiner or is half a flag.
  public mutating func finishWhole() -> String {
    partial = []
    var last = 0..<0
    Segmenter(unit: .grapheme).forEachToken(in: held.span) { last = $0 }
    if let scalars = scalars(of: Array(held[last])), Self.isCut(scalars) { held.removeLast(last.count) }
    return finish()
  }

  private static func isCut(_ grapheme: [Unicode.Scalar]) -> Bool {
    guard let last = grapheme.last else { return false }
    if 0x1F1E6...0x1F1FF ~= last.value { return grapheme.count == 1 }
    let bits = GraphemeClasses.shared.bits(of: last.value)
    return GraphemeClasses.isJoiner(bits) && Int(last.value) < GraphemeClasses.count
  }

  private mutating func release(_ count: Int) -> String {
    let text = String(decoding: held[..<count], as: UTF8.self)
    held.removeFirst(count)
    return text
  }

  /// Moves whole scalars from `partial` to `held`, and U+FFFD for what cannot become one.
  private mutating func takeScalars() {
    var end = partial.count
    for length in 1...3 where length <= partial.count {
      let start = partial.count - length
      if UTF8Validation.mayBecomeScalar(partial[start...]) { end = start }
    }
    held.append(contentsOf: String(decoding: partial[..<end], as: UTF8.self).utf8)
    partial.removeFirst(end)
  }
}
