import CKernels

/// A weight W (out, in) laid out for products y = x Wᵀ of few rows, often one: what sampling needs.
///
/// Such a product is bound by the reading of W. It is cut into groups of up to 128 outputs, each read from first byte to
/// last; a team's members take groups. A group of a recurrent weight has all gates of its units, gate after gate, so that
/// whoever multiplied can go on to the gates without meeting another.
///
///     units    0 …          32 …
///     group 0  [i f g o]    group 1  [i f g o]   …
@safe package final class StreamWeight {
  package let innerSize: Int
  package let unitCount: Int
  package let gateCount: Int
  package let precision: Precision
  private let unitsOfGroup: Int
  private let groups: [Buffer<UInt8>]

  /// Copies a weight of PyTorch's layout, (gates · units, in).
  /// - Parameter precision: what is kept of each number; any CPU widens bfloat16 to float32 as it reads.
  package init(_ weight: Matrix, gateCount: Int, precision: Precision) {
    precondition(weight.isContiguous && weight.rowCount % gateCount == 0, "\(weight.rowCount) rows")
    let units = weight.rowCount / gateCount
    innerSize = weight.columnCount
    unitCount = units
    self.gateCount = gateCount
    self.precision = precision
    let size = StreamWeight.unitsOfGroup(gateCount: gateCount)
    unitsOfGroup = size
    groups = stride(from: 0, to: units, by: size).map { first in
      StreamWeight.packed(weight, first..<min(first + size, units), gateCount, precision)
    }
  }

  package static func unitsOfGroup(gateCount: Int) -> Int { gateCount == 1 ? 128 : 32 }

  private static func packed(
    _ weight: Matrix, _ units: Range<Int>, _ gateCount: Int, _ precision: Precision
  ) -> Buffer<UInt8> {
    let (K, columnCount, isNarrow) = (weight.columnCount, units.count * gateCount, precision == .bfloat16)
    let group = Buffer<UInt8>(count: ck_stream_bytes(columnCount, K, isNarrow))
    for gate in 0..<gateCount {
      let first = gate * weight.rowCount / gateCount + units.lowerBound
      let rows = weight.rows(first..<first + units.count)
      // Safe: the rows are contiguous, and the group has room for its columns.
      unsafe ck_stream_pack(
        columnCount, K, gate * units.count, units.count, rows.base, isNarrow, group.view.base)
    }
    return group
  }

  package var groupCount: Int { groups.count }
  package var byteCount: Int { groups.reduce(0) { $0 + $1.count } }

  /// The units of a group.
  package func units(ofGroup group: Int) -> Range<Int> {
    group * unitsOfGroup..<min((group + 1) * unitsOfGroup, unitCount)
  }

  /// y (M, gates · units of the group) = x (M, in) · the group, or y += …
  package func multiply(group: Int, _ x: Matrix, into y: Matrix, accumulate: Bool = false) {
    let columnCount = units(ofGroup: group).count * gateCount
    precondition(
      x.columnCount == innerSize && x.rowCount == y.rowCount && y.columnCount == columnCount,
      "\(x.rowCount) × \(x.columnCount) times \(innerSize) × \(columnCount) into \(y.rowCount) × \(y.columnCount)")
    unsafe Kernels.active.table.pointee.stream_product(
      x.rowCount, columnCount, innerSize, groups[group].view.base, precision == .bfloat16, x.base, x.stride, y.base,
      y.stride, accumulate)
  }
}
