import CharLMText

/// A part of a document that becomes tokens by itself.
struct DocumentPart {
  /// The text as it was decoded, and in its normalization.
  let piece: TextPiece
  /// Whether a document begins with it.
  let beginsDocument: Bool
}

/// Cuts the pieces of a file where a separator stands, which belongs to no document.
///
/// Without a separator the whole file is one document, and its pieces stay as they are.
struct DocumentCutter {
  private let separator: [UInt8]
  private let normalization: Normalization
  private var held: [UInt8] = []
  private var isAtBeginning = true

  init(separator: String?, normalization: Normalization) {
    self.separator = Array((separator ?? "").utf8)
    self.normalization = normalization
  }

  /// Takes a piece, and gives the parts that are certain, in order.
  mutating func append(_ piece: TextPiece) -> [DocumentPart] {
    guard !separator.isEmpty else { return [part(piece)] }
    if held.isEmpty, isWithoutSeparator(piece.utf8) { return [part(piece)] }
    held += piece.utf8
    var parts = takeDocuments()
    // What may be the beginning of a separator waits for the next piece, with what it may not be parted from.
    if !held.isEmpty, !endsInSeparator(held) {
      parts.append(part(normalized: held))
      held = []
    }
    return parts
  }

  /// Gives what was held back, at the end of the file.
  mutating func finish() -> [DocumentPart] {
    defer { held = [] }
    return held.isEmpty ? [] : [part(normalized: held)]
  }

  /// The documents, or ends of them, that end at a separator.
  private mutating func takeDocuments() -> [DocumentPart] {
    var parts: [DocumentPart] = []
    var start = 0
    while let found = firstSeparator(in: held, from: start) {
      if found > start { parts.append(part(normalized: Array(held[start..<found]))) }
      isAtBeginning = true
      start = found + separator.count
    }
    held.removeFirst(start)
    return parts
  }

  private mutating func part(normalized utf8: [UInt8]) -> DocumentPart {
    part(TextPiece(utf8: utf8, normalized: normalization.normalized(utf8)))
  }

  private mutating func part(_ piece: TextPiece) -> DocumentPart {
    defer { isAtBeginning = false }
    return DocumentPart(piece: piece, beginsDocument: isAtBeginning)
  }

  private func isWithoutSeparator(_ utf8: [UInt8]) -> Bool {
    firstSeparator(in: utf8, from: 0) == nil && !endsInSeparator(utf8)
  }

  private func firstSeparator(in utf8: [UInt8], from start: Int) -> Int? {
    let (text, pattern) = (utf8.span, separator.span)
    var offset = start
    while offset + pattern.count <= text.count {
      if text[offset] == pattern[0], isSeparator(text, at: offset, length: pattern.count) { return offset }
      offset += 1
    }
    return nil
  }

  /// Whether the text ends with the beginning of a separator.
  private func endsInSeparator(_ utf8: [UInt8]) -> Bool {
    let longest = min(separator.count - 1, utf8.count)
    guard longest > 0 else { return false }
    return (1...longest).contains { isSeparator(utf8.span, at: utf8.count - $0, length: $0) }
  }

  private func isSeparator(_ text: Span<UInt8>, at offset: Int, length: Int) -> Bool {
    for index in 0..<length where text[offset + index] != separator[index] { return false }
    return true
  }
}
