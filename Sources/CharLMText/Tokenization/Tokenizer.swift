/// Turns text into token numbers and back, as a model's settings and vocabulary say.
///
/// With normalization `none`, `decode(encode(text))` is `text` byte for byte, whatever the text, as long as no token is
/// unknown; otherwise it is the normalized text.
public struct Tokenizer: Sendable {
  /// The tokens.
  public let vocabulary: Vocabulary
  /// How text becomes tokens.
  public let settings: TextSettings

  /// A tokenizer; `vocabulary` should be made by the same settings.
  public init(vocabulary: Vocabulary, settings: TextSettings) {
    self.vocabulary = vocabulary
    self.settings = settings
  }

  /// What to do with a token that the vocabulary lacks.
  public enum UnknownPolicy: String, Codable, Sendable, CaseIterable {
    /// Take the unknown token where the vocabulary has one; otherwise throw.
    case error
    /// Leave it out.
    case skip
    /// Take the nearest known token (`Vocabulary.nearest(to:)`); where none is near, as `error`.
    case nearest
  }

  /// The tokens of a text, which is normalized first.
  ///
  /// - Parameters:
  ///   - utf8: Valid UTF-8.
  ///   - source: What the text is, for messages: a path, "the seed text".
  ///   - onUnknown: What to do with tokens that the vocabulary lacks.
  /// - Throws: `TextError.unknownToken`, with all the text's unknown tokens counted.
  /// - Complexity: O(bytes).
  public func encode(
    _ utf8: [UInt8], source: String, onUnknown: UnknownPolicy = .error
  ) throws(TextError) -> TokenSequence {
    try encodeNormalized(settings.normalization.normalized(utf8), source: source, onUnknown: onUnknown).tokens
  }

  /// The tokens of a text, which is normalized first.
  public func encode(
    _ text: String, source: String, onUnknown: UnknownPolicy = .error
  ) throws(TextError) -> TokenSequence {
    try encode(Array(text.utf8), source: source, onUnknown: onUnknown)
  }

  /// The tokens of a text, with what an evaluation needs to know: how many were unknown, and how many bytes and
  /// graphemes of the text, as it was before normalization, the tokens stand for.
  ///
  /// - Complexity: O(bytes), about twice the time of `encode`.
  public func measuredEncoding(
    of utf8: [UInt8], source: String, onUnknown: UnknownPolicy = .error
  ) throws(TextError) -> MeasuredEncoding {
    let piece = TextPiece(utf8: utf8, normalized: settings.normalization.normalized(utf8))
    return try measuredEncoding(of: piece, source: source, onUnknown: onUnknown)
  }

  /// The tokens of a text that has the settings' normalization already, such as a piece's `normalized`.
  public func encode(
    normalized utf8: [UInt8], source: String, onUnknown: UnknownPolicy = .error
  ) throws(TextError) -> TokenSequence {
    try encodeNormalized(utf8, source: source, onUnknown: onUnknown).tokens
  }

  /// The tokens of a piece of a text, with what an evaluation needs to know.
  public func measuredEncoding(
    of piece: TextPiece, source: String, onUnknown: UnknownPolicy = .error
  ) throws(TextError) -> MeasuredEncoding {
    let pass = try encodeNormalized(piece.normalized, source: source, onUnknown: onUnknown)
    return MeasuredEncoding(
      pass, source: piece.utf8, normalized: piece.normalized, normalization: settings.normalization)
  }

  /// The bytes that tokens stand for; special tokens stand for none.
  ///
  /// - Complexity: O(bytes).
  public func decode(_ ids: some Sequence<TokenID>) -> [UInt8] {
    var utf8: [UInt8] = []
    utf8.reserveCapacity(ids.underestimatedCount)
    for id in ids { utf8.append(contentsOf: vocabulary.bytes(of: id)) }
    return utf8
  }

  /// A text as it is, without a change of its form, and without what the vocabulary lacks.
  func skippingEncoding(_ utf8: [UInt8]) -> EncodedText { encode(utf8, .skip) }

  private func encode(_ utf8: [UInt8], _ onUnknown: UnknownPolicy) -> EncodedText {
    switch vocabulary.count {
    case ...0x100: encode(utf8.span, onUnknown, TokenSequence.init(_:) as ([UInt8]) -> TokenSequence)
    case ...0x1_0000: encode(utf8.span, onUnknown, TokenSequence.init(_:) as ([UInt16]) -> TokenSequence)
    default: encode(utf8.span, onUnknown, TokenSequence.init(_:) as ([UInt32]) -> TokenSequence)
    }
  }

  private func encodeNormalized(
    _ utf8: [UInt8], source: String, onUnknown: UnknownPolicy
  ) throws(TextError) -> EncodedText {
    let result = encode(utf8, onUnknown)
    if result.refusedCount > 0 {
      throw .unknownToken(source: source, first: result.firstRefused, count: result.refusedCount)
    }
    return result
  }

  private func encode<Word: FixedWidthInteger>(
    _ utf8: Span<UInt8>, _ onUnknown: UnknownPolicy, _ wrap: ([Word]) -> TokenSequence
  ) -> EncodedText {
    var pass = EncodingPass<Word>(vocabulary: vocabulary, settings: settings, onUnknown: onUnknown)
    pass.run(utf8)
    return pass.result(wrap)
  }
}
