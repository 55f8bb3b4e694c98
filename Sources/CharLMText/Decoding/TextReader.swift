/// A piece of a text: decoded, and cut where tokens, normalization and scalars all have a boundary for sure.
public struct TextPiece: Sendable {
  /// The text as it was before normalization: UTF-8 without a byte-order mark, valid unless invalid bytes are kept.
  public let utf8: [UInt8]
  /// The text in the settings' normalization; the same array where there is none.
  public let normalized: [UInt8]

  /// A piece from its two forms.
  package init(utf8: [UInt8], normalized: [UInt8]) {
    self.utf8 = utf8
    self.normalized = normalized
  }

  /// The number of scalars of `utf8`: the bytes that continue none.
  package var scalarCount: Int { UTF8Scalars.count(in: utf8.span) }
}

/// Why a text could not be read.
public enum TextReadingError<Failure: Error>: Error {
  /// Reading the bytes failed.
  case reading(Failure)
  /// The bytes are not valid text.
  case text(TextError)
}

/// Reads a text of any size, piece by piece.
///
/// The pieces' `utf8`, joined, are the decoded text, their `normalized` its normalization, and the pieces' tokens its
/// tokens, wherever the reads cut the bytes.
///
///     var reader = try TextReader(settings: settings, source: path)
///     while let piece = try reader.next({ try file.read(upTo: 1 << 20) }) { builder.count(piece.normalized.span) }
public struct TextReader: ~Copyable {
  /// About how many bytes a piece has: at least these, but for the last.
  package var pieceSize = 1 << 20
  /// The most bytes that a piece may have for want of a place to cut.
  package var largestPieceSize = 1 << 28

  private let normalizer: Normalizer?
  private var decoder: TextDecoder
  private var cutter: PieceCutter
  private var isAtEnd = false
  /// How many bytes of decoded text the pieces so far had.
  private var takenCount = 0

  /// A reader at the start of a text.
  ///
  /// - Parameters:
  ///   - settings: The encoding ("auto" for that of a byte-order mark, UTF-8 without one), how invalid bytes are handled,
  ///     the unit that pieces must not cut, the normalization.
  ///   - source: What the text is, for messages: a path, "standard input".
  /// - Throws: `TextError.unknownEncoding`.
  public init(settings: TextSettings, source: String) throws(TextError) {
    let encoding = settings.encoding == "auto" ? "auto" : try Encoding.canonicalName(of: settings.encoding)
    decoder = TextDecoder(encoding: encoding, invalid: settings.invalid, source: source)
    cutter = PieceCutter(unit: settings.unit, form: settings.normalization.form)
    normalizer = settings.normalization.form.map { Normalizer(form: $0) }
  }

  /// The usual name of the encoding; "auto" may stand for it before the first piece.
  public var encoding: String { decoder.encoding }

  /// The next piece, not empty; `nil` at the end of the text.
  ///
  /// - Parameter read: Gives the next bytes; none at the end, after which it is not called again.
  /// - Complexity: O(bytes), memory for a piece and what was read beyond it.
  public mutating func next<Failure: Error>(
    _ read: () throws(Failure) -> [UInt8]
  ) throws(TextReadingError<Failure>) -> TextPiece? {
    while !isAtEnd {
      if decoder.utf8.count >= pieceSize, let end = lastBoundary { return piece(end) }
      guard decoder.utf8.count <= largestPieceSize else {
        throw .text(.unbrokenText(source: decoder.source, offset: takenCount, byteCount: decoder.utf8.count))
      }
      let part: [UInt8]
      do throws(Failure) { part = try read() } catch { throw .reading(error) }
      isAtEnd = part.isEmpty
      do throws(TextError) { try decoder.append(part, isEnd: isAtEnd) } catch { throw .text(error) }
    }
    return decoder.utf8.isEmpty ? nil : piece(decoder.utf8.count)
  }

  private var lastBoundary: Int? {
    mutating get {
      let utf8 = decoder.utf8
      return cutter.lastBoundary(in: utf8.span)
    }
  }

  private mutating func piece(_ count: Int) -> TextPiece {
    let utf8 = decoder.take(count)
    takenCount += count
    cutter.reset()
    return TextPiece(utf8: utf8, normalized: normalizer?.normalized(utf8) ?? utf8)
  }
}
