/// The lines of a log, one after the other: a list of them would take many times the memory of a log of short lines.
package struct LogLines: Sequence, IteratorProtocol {
  private var rest: ArraySlice<UInt8>
  private var number = 0

  /// The lines of a log.
  package init(_ log: [UInt8]) { rest = log[...] }

  /// The next line without its end, with its number from 1 on.
  package mutating func next() -> (number: Int, bytes: ArraySlice<UInt8>)? {
    guard !rest.isEmpty else { return nil }
    let end = rest.firstIndex(of: UInt8(ascii: "\n")) ?? rest.endIndex
    defer { rest = rest[Swift.min(end + 1, rest.endIndex)...] }
    number += 1
    return (number, rest[..<end])
  }
}
