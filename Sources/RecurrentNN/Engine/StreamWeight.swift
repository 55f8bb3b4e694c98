import CKernels

/// A weight W (out, in) laid out for products y = x Wᵀ of few rows, often one: what sampling needs.
///
/// Such a product is bound by the reading of W. It is cut into groups of up to 128 outputs, each read from its first byte
/// to its last; a team's members take groups. A group of a recurrent weight has all gates of its units, gate after gate,
/// so that whoever multiplied can go on to the gates without meeting another.
///
///     units    0 …          32 …
///     group 0  [i f g o]    group 1  [i f g o]   …
package final class StreamWeight {
  package let innerSize: Int
  package let unitCount: Int
  package let gateCount: Int
  package let precision: StreamPrecision
  package let groupCount: Int
  private let unitsOfGroup: Int
  /// All groups but the last have this many bytes.
  private let groupSize: Int
  private let kernels: Kernels
  private let memory: Buffer<UInt8>

  /// Copies a weight of PyTorch's layout, (gates · units, in).
  /// - Parameters:
  ///   - precision: what is kept of each number.
  ///   - kernels: what multiplies floats.
  package init(_ weight: Matrix, gateCount: Int, precision: StreamPrecision, kernels: Kernels = .active) {
    precondition(weight.rowCount % gateCount == 0, "\(weight.rowCount) rows")
    require(
      precision != .int8 || weight.columnCount <= Int(CK_INT8_LARGEST_K),
      "\(weight.columnCount) inputs in int8, more than \(CK_INT8_LARGEST_K)")
    let units = weight.rowCount / gateCount
    innerSize = weight.columnCount
    unitCount = units
    self.gateCount = gateCount
    self.precision = precision
    self.kernels = kernels
    let size = StreamWeight.unitsOfGroup(gateCount: gateCount)
    unitsOfGroup = size
    groupCount = (units + size - 1) / size
    groupSize = StreamWeight.byteCount(units: size, gateCount, innerSize, precision)
    let last = units - (groupCount - 1) * size
    memory = Buffer(
      count: (groupCount - 1) * groupSize + StreamWeight.byteCount(units: last, gateCount, innerSize, precision))
    copy(weight)
  }

  /// Copies a weight of the same shape in place of the one before.
  package func copy(_ weight: Matrix) {
    precondition(
      weight.isContiguous && weight.rowCount == gateCount * unitCount
        && weight.columnCount == innerSize,
      "\(weight.rowCount) × \(weight.columnCount) in place of \(gateCount * unitCount) × \(innerSize)"
    )
    for group in 0..<groupCount { pack(weight, group: group) }
  }

  static let largestColumnCount = 128

  package static func unitsOfGroup(gateCount: Int) -> Int { gateCount == 1 ? largestColumnCount : 32 }

  private static func byteCount(units: Int, _ gateCount: Int, _ innerSize: Int, _ precision: StreamPrecision) -> Int {
    switch precision {
    case .int8: ck_int8_bytes(units * gateCount, innerSize)
    case .bfloat16, .float32: ck_stream_bytes(units * gateCount, innerSize, precision == .bfloat16)
    }
  }

  private func pack(_ weight: Matrix, group: Int) {
    let units = units(ofGroup: group)
    for gate in 0..<gateCount {
      let first = gate * unitCount + units.lowerBound
      let rows = weight.rows(first..<first + units.count)
      let (columns, place) = unsafe (units.count * gateCount, memory.view.base + group * groupSize)
      // Safe: the rows are contiguous, and the group has room for its columns.
      switch precision {
      case .int8:
        unsafe ck_int8_pack(columns, innerSize, gate * units.count, units.count, rows.base, place)
      case .bfloat16, .float32:
        unsafe ck_stream_pack(
          columns, innerSize, gate * units.count, units.count, rows.base, precision == .bfloat16, place)
      }
    }
  }

  /// The units of a group.
  package func units(ofGroup group: Int) -> Range<Int> {
    precondition(group >= 0 && group < groupCount, "group \(group) of \(groupCount)")
    return group * unitsOfGroup..<min((group + 1) * unitsOfGroup, unitCount)
  }

  /// A group for products: a plain value, so that no thread counts references to what others use too. It holds as long
  /// as its weight.
  @safe package struct Group {
    package let columnCount: Int
    private let innerSize: Int
    private let precision: StreamPrecision
    private let kernels: Kernels
    private let base: UnsafeMutablePointer<UInt8>

    fileprivate init(_ weight: StreamWeight, _ number: Int) {
      columnCount = weight.units(ofGroup: number).count * weight.gateCount
      innerSize = weight.innerSize
      (precision, kernels) = (weight.precision, weight.kernels)
      // Safe: `number` is a group's, which `units(ofGroup:)` has checked.
      unsafe base = weight.memory.view.base + number * weight.groupSize
    }

    /// y (M, columns) = x (M, in) · the group.
    /// - Precondition: where the weight is of integers, `x` has been rounded.
    func multiply(_ rows: StreamRows, into y: Matrix) {
      let x = rows.values
      precondition(
        x.columnCount == innerSize && x.rowCount == y.rowCount && y.columnCount == columnCount,
        "\(x.rowCount) × \(x.columnCount) times \(innerSize) × \(columnCount) into \(y.rowCount) × \(y.columnCount)")
      guard precision == .int8 else {
        return unsafe kernels.streamProduct(
          x.rowCount, columnCount, innerSize, base, precision == .bfloat16, x.base, x.stride, y.base, y.stride, false)
      }
      guard let integers = rows.integers else { preconditionFailure("rows for a weight of integers are not rounded") }
      unsafe ck_int8_active().pointee.product(
        x.rowCount, columnCount, innerSize, base, integers.bytes.base, integers.scales.base, y.base, y.stride)
    }
  }

  package func group(_ number: Int) -> Group { Group(self, number) }
}
