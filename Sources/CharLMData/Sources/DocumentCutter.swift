import CharLMText

/// A part of a document that becomes tokens by itself.
package struct DocumentPart {
  /// The text as it was decoded, and in its normalization.
  package let piece: TextPiece
  /// Whether a document begins with it.
  package let beginsDocument: Bool
  /// How many separators stand before it.
  package var separatorCount = 0
}

/// Cuts the pieces of a file where a separator stands, which belongs to no document.
///
/// Without a separator the whole file is one document, and its pieces stay as they are.
package struct DocumentCutter {
  private let separator: [UInt8]
  private let normalization: Normalization
  private let cutter: PieceCutter
  /// What waits for the next piece: the beginning of a separator, if it is one, and what it must not be separated from.
  package private(set) var held: [UInt8] = []
  /// No separator begins before this place of what is held.
  private var searchedCount = 0
  /// Whether what follows begins a document.
  package private(set) var isAtBeginning = true
  /// Separators that no part has followed yet.
  private var separatorCount = 0

  package init(separator: String?, unit: TextUnit, normalization: Normalization) {
    self.separator = Array((separator ?? "").utf8)
    self.normalization = normalization
    cutter = PieceCutter(unit: unit, normalization: normalization)
  }

  /// Takes a piece, and gives the parts that are certain, in order.
  package mutating func append(_ piece: TextPiece) -> [DocumentPart] {
    guard !separator.isEmpty else { return [part(piece)] }
    if held.isEmpty, isWithoutSeparator(piece.utf8) { return [part(piece)] }
    held += piece.utf8
    var parts = takeDocuments()
    let count = certainCount
    if count > 0 {
      parts.append(part(normalized: Array(held[..<count])))
      dropHeld(count)
    }
    return parts
  }

  /// How much of what is held belongs to the document whatever follows, and may be normalized and cut into tokens alone.
  private var certainCount: Int {
    let partialCount = partialSeparatorCount(atEndOf: held)
    return partialCount == 0
      ? held.count : cutter.lastBoundary(in: held.span, atOrBefore: held.count - partialCount) ?? 0
  }

  private mutating func dropHeld(_ count: Int) {
    held.removeFirst(count)
    searchedCount = max(0, searchedCount - count)
  }

  /// Gives what was held back, at the end of the file.
  package mutating func finish() -> [DocumentPart] {
    defer { dropHeld(held.count) }
    return held.isEmpty ? [] : [part(normalized: held)]
  }

  /// The documents, or ends of them, that end at a separator.
  private mutating func takeDocuments() -> [DocumentPart] {
    var parts: [DocumentPart] = []
    var start = 0
    while let found = firstSeparator(in: held, from: max(start, searchedCount)) {
      if found > start { parts.append(part(normalized: Array(held[start..<found]))) }
      isAtBeginning = true
      separatorCount += 1
      start = found + separator.count
    }
    searchedCount = max(start, held.count - separator.count + 1)
    dropHeld(start)
    return parts
  }

  private mutating func part(normalized utf8: [UInt8]) -> DocumentPart {
    part(TextPiece(utf8: utf8, normalized: normalization.normalized(utf8)))
  }

  private mutating func part(_ piece: TextPiece) -> DocumentPart {
    defer { (isAtBeginning, separatorCount) = (false, 0) }
    return DocumentPart(piece: piece, beginsDocument: isAtBeginning, separatorCount: separatorCount)
  }

  private func isWithoutSeparator(_ utf8: [UInt8]) -> Bool {
    firstSeparator(in: utf8, from: 0) == nil && partialSeparatorCount(atEndOf: utf8) == 0
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

  /// How many bytes at the end of the text are the beginning of a separator, the most that are.
  private func partialSeparatorCount(atEndOf utf8: [UInt8]) -> Int {
    var count = min(separator.count - 1, utf8.count)
    while count > 0, !isSeparator(utf8.span, at: utf8.count - count, length: count) { count -= 1 }
    return count
  }

  private func isSeparator(_ text: Span<UInt8>, at offset: Int, length: Int) -> Bool {
    for index in 0..<length where text[offset + index] != separator[index] { return false }
    return true
  }
}
