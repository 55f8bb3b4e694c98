import CICU

/// Normalizes UTF-8 in pieces, cut where both sides may be normalized alone, so that a text of any size needs little
/// memory beside its result.
struct Normalizer {
  let form: cicu_form
  /// About how many bytes go to ICU at once.
  var pieceSize = 1 << 16
  /// The most, for want of a place to cut. No text has so many marks on a letter; noise that has is cut between two.
  var largestPieceSize = 1 << 28

  init(form: cicu_form) { self.form = form }

  /// The text in the form; the same array where it has it already.
  func normalized(_ utf8: [UInt8]) -> [UInt8] {
    var result: [UInt8]?
    var start = 0
    while start < utf8.count {
      let end = pieceEnd(in: utf8.span, from: start)
      if let piece = normalizedPiece(utf8.span, start..<end) {
        if result == nil {
          result = Array(utf8[..<start])
          result?.reserveCapacity(utf8.count + utf8.count / 8)
        }
        result?.append(contentsOf: piece)
      } else {
        result?.append(contentsOf: utf8[start..<end])
      }
      start = end
    }
    return result ?? utf8
  }

  /// The end of a piece of about `pieceSize` bytes.
  private func pieceEnd(in utf8: Span<UInt8>, from start: Int) -> Int {
    guard utf8.count - start > pieceSize else { return utf8.count }
    let boundary = nextBoundary(in: utf8, from: start + pieceSize)
    if boundary - start <= largestPieceSize { return boundary }
    var end = start + largestPieceSize
    while end > start + 1, utf8[end] & 0xC0 == 0x80 { end -= 1 }
    return end
  }

  /// The first offset at or after `offset` where the text may be cut.
  func nextBoundary(in utf8: Span<UInt8>, from offset: Int) -> Int {
    var offset = offset
    while offset < utf8.count {
      let byte = utf8[offset]
      // ASCII never joins what stands before it.
      if byte < 0x80 { return offset }
      if byte & 0xC0 != 0x80, cicu_has_boundary_before(form, UTF8Scalars.scalar(in: utf8, at: offset).value) {
        return offset
      }
      offset += 1
    }
    return utf8.count
  }

  /// The piece in the form, or `nil` where it has it already.
  func normalizedPiece(_ utf8: Span<UInt8>, _ range: Range<Int>) -> [UInt8]? {
    if UTF8Validation.endOfASCII(in: utf8.extracting(range), from: 0) == range.count {
      return form == CICU_NFKC_CASEFOLD ? Self.lowercased(utf8, range) : nil
    }
    if let ordered = MarkOrder.ordered(utf8, range) {
      return normalizedByICU(ordered.span, ordered.indices) ?? ordered
    }
    return normalizedByICU(utf8, range)
  }

  private func normalizedByICU(_ utf8: Span<UInt8>, _ range: Range<Int>) -> [UInt8]? {
    var output = [UInt8](repeating: 0, count: range.count + range.count / 2 + 64)
    var length = callICU(utf8, range, &output)
    if Int(length) > output.count {
      output = [UInt8](repeating: 0, count: Int(length))
      length = callICU(utf8, range, &output)
    }
    if length == Int32(CICU_ALREADY_NORMAL) { return nil }
    if length == Int32(CICU_ILL_FORMED) { return normalizedRuns(utf8, range) }
    guard length >= 0 else { fatalError("ICU cannot normalize: " + errorName(length)) }
    output.removeLast(output.count - Int(length))
    return output
  }

  /// A piece of ASCII in lower case, or `nil` where it has no other.
  private static func lowercased(_ utf8: Span<UInt8>, _ range: Range<Int>) -> [UInt8]? {
    let isUpper = { (byte: UInt8) in byte &- UInt8(ascii: "A") < 26 }
    guard range.contains(where: { isUpper(utf8[$0]) }) else { return nil }
    return range.map { isUpper(utf8[$0]) ? utf8[$0] | 0x20 : utf8[$0] }
  }

  /// A piece with ill-formed bytes: what is between them in the form. Like U+FFFD, they join nothing.
  private func normalizedRuns(_ utf8: Span<UInt8>, _ range: Range<Int>) -> [UInt8] {
    var result: [UInt8] = []
    var start = range.lowerBound
    while start < range.upperBound {
      let rest = utf8.extracting(start..<range.upperBound)
      let end = start + (UTF8Validation.firstError(in: rest) ?? rest.count)
      if end > start {
        result += normalizedPiece(utf8, start..<end) ?? (start..<end).map { utf8[$0] }
      }
      if end < range.upperBound { result.append(utf8[end]) }
      start = end + 1
    }
    return result
  }

  private func callICU(_ utf8: Span<UInt8>, _ range: Range<Int>, _ output: inout [UInt8]) -> Int32 {
    let form = form
    let capacity = Int32(output.count)
    // Safe: both buffers outlive the call, and ICU stays within the lengths given.
    return unsafe utf8.extracting(range).withUnsafeBufferPointer { source in
      unsafe output.withUnsafeMutableBufferPointer { target in
        unsafe cicu_normalize(form, source.baseAddress, Int32(source.count), target.baseAddress, capacity)
      }
    }
  }
}
