import CharLMText

/// The text of a corpus in two parts, what to train on and what is held out, as a run of training would cut it, but to a
/// token; as UTF-8, without normalization.
public struct CorpusText: Sendable {
  /// The names of the files, in order.
  public let names: [String]
  /// The number of scalars to train on.
  public let trainScalarCount: Int
  /// The number of scalars that are held out.
  public let heldOutScalarCount: Int
  private let sources: [CorpusSource]
  private let settings: TextSettings

  /// A part of a file.
  public struct Piece: Sendable {
    /// Its text.
    public let utf8: ArraySlice<UInt8>
    /// The number of the file.
    public let source: Int
    /// Whether it is held out.
    public let isHeldOut: Bool
  }

  /// Reads a corpus once, to find its encodings and its size.
  /// - Parameters:
  ///   - paths: as those of a corpus.
  ///   - encoding: that of the files; nil to detect it for each.
  ///   - invalid: how bytes are handled that are not valid in the encoding.
  ///   - heldOutFraction: the part at the end that is held out, 0 to 1.
  ///   - observe: receives what happens meanwhile.
  /// - Throws: `CorpusError` where a file cannot be read, or has no text.
  public init(
    paths: [String], encoding: String? = nil, invalid: InvalidPolicy = .error, heldOutFraction: Double,
    observe: @escaping (CorpusEvent) -> Void = { _ in }
  ) throws(CorpusError) {
    var settings = TextSettings()
    settings.encoding = encoding ?? "auto"
    settings.invalid = invalid
    var reader = CorpusReader(
      sources: try CorpusSource.find(paths, acceptsMarkup: encoding != nil) { observe(.skipped($0)) },
      settings: settings, storage: .memory, observe: observe)
    reader.countsVocabulary = false
    // Nothing is to be learned, so that no layout is proposed.
    reader.validationFraction = 1
    let count = try reader.count().scalarCount
    (sources, self.settings) = (reader.sources, settings)
    names = sources.map(\.name)
    trainScalarCount = Int(((1 - heldOutFraction) * Double(count)).rounded(.down))
    heldOutScalarCount = count - trainScalarCount
  }

  /// Calls `body` with the pieces of the text, in order.
  /// - Throws: `CorpusError` where a file cannot be read.
  public func forEachPiece(_ body: (Piece) -> Void) throws(CorpusError) {
    var scalarCount = 0
    for (number, source) in sources.enumerated() {
      let reader = try SourceReader(source, settings: settings)
      while let part = try reader.next() {
        let utf8 = part.piece.utf8
        let cut = CorpusText.offset(ofScalar: trainScalarCount - scalarCount, in: utf8)
        if cut > 0 { body(Piece(utf8: utf8[..<cut], source: number, isHeldOut: false)) }
        if cut < utf8.count { body(Piece(utf8: utf8[cut...], source: number, isHeldOut: true)) }
        scalarCount += part.piece.scalarCount
      }
    }
  }

  /// Where a scalar begins; the text's end where it has no more than these.
  private static func offset(ofScalar number: Int, in utf8: [UInt8]) -> Int {
    guard number > 0 else { return 0 }
    guard number < utf8.count else { return utf8.count }
    var seen = 0
    for (offset, byte) in utf8.enumerated() where byte & 0xC0 != 0x80 {
      if seen == number { return offset }
      seen += 1
    }
    return utf8.count
  }
}
