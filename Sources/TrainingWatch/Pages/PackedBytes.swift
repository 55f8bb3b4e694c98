#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// Numbers of one or two bytes for the script of a page, which reads them from base64.
struct PackedBytes {
  private(set) var bytes: [UInt8] = []

  /// Appends a byte.
  mutating func append(_ value: UInt8) { bytes.append(value) }

  /// Appends two bytes, the lower one first.
  mutating func append(_ value: UInt16) {
    bytes.append(UInt8(truncatingIfNeeded: value))
    bytes.append(UInt8(truncatingIfNeeded: value >> 8))
  }

  /// For the page's data.
  var base64: String { Data(bytes).base64EncodedString() }
}

extension UInt8 {
  /// The nearest byte to a number, at most `limit`; 0 for what is not a number, as damaged weights may give.
  init(nearest value: some BinaryFloatingPoint, upTo limit: UInt8 = 255) {
    self = value.isNaN ? 0 : UInt8(Swift.min(Swift.max(value.rounded(), 0), .init(limit)))
  }
}

/// A text on a page as cells, the pieces that have a colour of their own, such as graphemes.
///
/// No cell is longer than a byte can say; what is, becomes several cells.
struct PageCells {
  /// The text of all cells, one after the other.
  private(set) var text = ""
  /// The length of each cell in UTF-16 units.
  private(set) var lengths = PackedBytes()
  /// The number of cells.
  var count: Int { lengths.bytes.count }

  /// Appends text as one cell, or as several where it is long.
  /// - Returns: how many cells it became.
  mutating func append(_ utf8: some Collection<UInt8>) -> Int {
    let piece = String(decoding: utf8, as: UTF8.self)
    text += piece
    let length = piece.utf16.count
    guard length > 255 else {
      lengths.append(UInt8(length))
      return 1
    }
    var (cells, sum) = (1, 0)
    for scalar in piece.unicodeScalars {
      let width = UTF16.width(scalar)
      if sum + width > 255 {
        lengths.append(UInt8(sum))
        (cells, sum) = (cells + 1, 0)
      }
      sum += width
    }
    lengths.append(UInt8(sum))
    return cells
  }
}
