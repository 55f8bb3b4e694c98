/// A place in a text that only moves on: line and column, both from 1, the column in scalars.
public struct TextPosition: Hashable, Sendable {
  /// The line.
  public private(set) var line = 1
  /// The column.
  public private(set) var column = 1
  private var offset = 0

  /// The beginning of a text.
  public init() {}

  /// Moves on to a byte of the text.
  /// - Precondition: it is not before the present one.
  public mutating func advance(to target: Int, in utf8: [UInt8]) {
    while offset < target {
      if utf8[offset] == 0x0A {
        (line, column) = (line + 1, 1)
      } else if utf8[offset] & 0xC0 != 0x80 {
        column += 1
      }
      offset += 1
    }
  }
}
