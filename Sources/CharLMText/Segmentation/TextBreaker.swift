import CICU
import Synchronization

/// The handle of one of ICU's break iterators: the only place in the segmentation that holds a pointer.
///
/// Opening one costs microseconds, so that idle ones are kept; the number is that of the threads that segmented text
/// at once.
///
/// `@unchecked Sendable` is Safe: between `borrow` and `giveBack` one function owns it; otherwise it lies behind the lock.
/// `@safe` is Safe: the pointer is private, open from `init` to `deinit`.
@safe final class TextBreaker: @unchecked Sendable {
  /// What it finds.
  private let breaks: cicu_breaks
  private let handle: OpaquePointer
  /// The ends that the last search found, relative to the start of its range.
  private(set) var ends = [Int32](repeating: 0, count: 256)

  private var memory = BreakMemory()

  private static let idleForGraphemes = Mutex<[TextBreaker]>([])
  private static let idleForWords = Mutex<[TextBreaker]>([])

  private init(_ breaks: cicu_breaks) {
    self.breaks = breaks
    var opened: OpaquePointer?
    // Safe: CICU fills the variable during the call.
    let result = unsafe cicu_breaker_open(breaks, &opened)
    guard let opened = unsafe opened else {
      fatalError("ICU cannot open its rules for breaks in text (is its data installed?): " + errorName(result))
    }
    unsafe handle = opened
  }

  deinit {
    // Safe: opened in `init`, and nobody else closes it.
    unsafe cicu_breaker_close(handle)
  }

  /// An idle breaker or a new one; `giveBack()` returns it.
  static func borrow(for breaks: cicu_breaks) -> TextBreaker {
    let isForWords = breaks == CICU_WORDS
    let kept = isForWords ? idleForWords.withLock { $0.popLast() } : idleForGraphemes.withLock { $0.popLast() }
    return kept ?? TextBreaker(breaks)
  }

  /// Makes this breaker available to others again.
  func giveBack() {
    if breaks == CICU_WORDS {
      Self.idleForWords.withLock { $0.append(self) }
    } else {
      Self.idleForGraphemes.withLock { $0.append(self) }
    }
  }

  /// Finds the first ends of graphemes in a range of a text, which begins and ends at breaks, and leaves them in `ends`.
  ///
  /// - Returns: How many there are, at least one. Unless the last is the range's end, there are more: search on from it.
  ///   That is exact, since no rule looks to the left of the grapheme it is about.
  func findEnds(in utf8: Span<UInt8>, range: Range<Int>) -> Int {
    guard range.count <= BreakMemory.longestRun else { return searchEnds(in: utf8, range: range) }
    let known = memory.recall(utf8, range, into: &ends)
    if known > 0 { return known }
    let count = searchEnds(in: utf8, range: range)
    if Int(ends[count - 1]) == range.count { memory.keep(utf8, range, ends, count: count) }
    return count
  }

  private func searchEnds(in utf8: Span<UInt8>, range: Range<Int>) -> Int {
    var pieceSize = 1 << 20
    while true {
      let piece = range.lowerBound..<min(range.upperBound, range.lowerBound + pieceSize)
      let count = find(utf8.extracting(piece))
      let reachedEnd = Int(ends[count - 1]) == piece.count
      if piece.upperBound == range.upperBound || !reachedEnd { return count }
      // What ends with the piece may go on behind it.
      if count > 1 { return count - 1 }
      // No text has so long a grapheme; noise that has is cut.
      if pieceSize >= TextBreaker.largestPieceSize { return count }
      pieceSize *= 2
    }
  }

  /// The most bytes that go to ICU at once.
  private static let largestPieceSize = 1 << 28

  /// Finds all ends in a range of a text at once, and leaves them in `ends`; for words, whose dictionaries look around.
  ///
  /// - Returns: How many there are, at least one; the last is the range's end, unless it has more bytes than go to ICU at
  ///   once: then there are more, and what is cut there may be a word.
  func findAllEnds(in utf8: Span<UInt8>, range: Range<Int>) -> Int {
    let range = range.lowerBound..<Self.pieceEnd(in: utf8, range)
    if ends.count < range.count { ends = [Int32](repeating: 0, count: range.count) }
    return find(utf8.extracting(range))
  }

  private static func pieceEnd(in utf8: Span<UInt8>, _ range: Range<Int>) -> Int {
    guard range.count > largestPieceSize else { return range.upperBound }
    var end = range.lowerBound + largestPieceSize
    while end > range.lowerBound + 1, utf8[end] & 0xC0 == 0x80 { end -= 1 }
    return end
  }

  private func find(_ utf8: Span<UInt8>) -> Int {
    let capacity = Int32(ends.count)
    // Safe: both buffers outlive the call, CICU stays within the lengths given and keeps neither.
    let count = unsafe utf8.withUnsafeBufferPointer { text in
      unsafe ends.withUnsafeMutableBufferPointer { ends in
        unsafe cicu_breaker_find(handle, text.baseAddress, Int32(text.count), ends.baseAddress, capacity)
      }
    }
    guard count > 0 else { fatalError("ICU cannot find breaks in text: " + errorName(count)) }
    return Int(count)
  }
}
