import CKernels
// Moving, adding and masking rows.

import Testing

@Suite("Rows")
struct RowTests {
  @Test("rows are copied and added with strides", arguments: Table.available, widths)
  func copyAndAdd(table: Table, columns: Int) {
    for rows in rowCounts {
      var random = Random(columns)
      let (sourceStride, targetStride) = (columns + 3, columns + 5)
      let source = random.floats(rows * sourceStride)
      let before = random.floats(rows * targetStride)
      let vector = random.floats(columns)
      /// `before` with f(r, j, old) in the columns that count; the gaps between the rows stay.
      func changed(_ f: (Int, Int, Float) -> Float) -> [Float] {
        before.indices.map { i in
          let (r, j) = (i / targetStride, i % targetStride)
          return j < columns ? f(r, j, before[i]) : before[i]
        }
      }
      let (copied, added, shifted) = (Buffer(before), Buffer(before), Buffer(before))
      table.kernels.copy_rows(rows, columns, source, sourceStride, copied.pointer, targetStride)
      #expect(copied.values == changed { r, j, _ in source[r * sourceStride + j] } && copied.isIntact)
      table.kernels.add_rows(rows, columns, source, sourceStride, added.pointer, targetStride)
      #expect(added.values == changed { r, j, old in old + source[r * sourceStride + j] } && added.isIntact)
      table.kernels.add_vector(rows, columns, vector, shifted.pointer, targetStride)
      #expect(shifted.values == changed { _, j, old in old + vector[j] } && shifted.isIntact)

      let sum = Buffer(vector)
      table.kernels.sum_rows(rows, columns, source, sourceStride, sum.pointer)
      let expected = (0..<columns).map { j in
        (0..<rows).reduce(Double(vector[j])) { $0 + Double(source[$1 * sourceStride + j]) }
      }
      expect(sum, equals: expected, within: 1e-6, "sum of \(rows) rows")
    }
  }

  @Test("floats are added with a factor, and their differences to both sides", arguments: Table.available, widths)
  func scaledSums(table: Table, count: Int) {
    var random = Random(count)
    let (before, after) = (random.floats(count), random.floats(count))
    let (first, second) = (random.floats(count), random.floats(count))
    let (sum, left, right) = (Buffer(first), Buffer(first), Buffer(second))
    table.kernels.add_scaled(count, 0.3, before, sum.pointer)
    let scaled = zip(first, before).map { Double($0) + Double(0.3 as Float) * Double($1) }
    expect(sum, equals: scaled, within: 1e-6, "scaled")
    table.kernels.add_difference(count, 0.3, before, after, left.pointer, right.pointer)
    let pulls = zip(before, after).map { Double(0.3 as Float) * (Double($1) - Double($0)) }
    expect(left, equals: zip(first, pulls).map { Double($0) - $1 }, within: 1e-6, "before")
    expect(right, equals: zip(second, pulls).map { Double($0) + $1 }, within: 1e-6, "after")
  }

  @Test("rows are gathered and scattered by index, repeated ones in order", arguments: Table.available, widths)
  func gatherAndScatter(table: Table, columns: Int) {
    var random = Random(columns)
    let index: [Int32] = [2, 0, 2, 1, 2]
    let source = random.floats(3 * columns)
    let gathered = Buffer(count: 5 * columns)
    table.kernels.gather_rows(5, columns, source, index, gathered.pointer)
    #expect(gathered.values == index.flatMap { source[Int($0) * columns..<(Int($0) + 1) * columns] })
    #expect(gathered.isIntact)

    let additions = random.floats(5 * columns)
    let target = Buffer(source)
    table.kernels.scatter_add_rows(5, columns, additions, index, target.pointer)
    var expected = source
    for (r, row) in index.enumerated() {
      for j in 0..<columns { expected[Int(row) * columns + j] += additions[r * columns + j] }
    }
    #expect(target.values == expected && target.isIntact)
  }
}

@Suite("Dropout")
struct DropoutTests {
  let keys = (0..<5 as Range<UInt64>).map { $0 &* 0x1234_5678_9ABC_DEF1 }

  func dropped(_ table: Table, p: Float, columns: Int, keys: [UInt64], source: [Float]) -> [Float] {
    let target = Buffer(source)
    table.kernels.dropout_rows(keys.count, columns, keys, p, target.pointer, columns, target.pointer, columns)
    #expect(target.isIntact)
    return target.values
  }

  @Test("the mask is the same on every instruction set and depends on key and column alone", arguments: widths)
  func sameMask(columns: Int) {
    let source = [Float](repeating: 1, count: 5 * columns)
    let masks = Table.available.map { dropped($0, p: 0.3, columns: columns, keys: keys, source: source) }
    for mask in masks { #expect(mask == masks[0]) }
    let alone = keys.flatMap {
      dropped(.plain, p: 0.3, columns: columns, keys: [$0], source: [Float](repeating: 1, count: columns))
    }
    #expect(alone == masks[0])
  }

  @Test("elements are kept with probability 1 - p, and scaled by its inverse", arguments: [0.1, 0.5, 0.9] as [Float])
  func probability(p: Float) {
    let columns = 20_000
    let values = dropped(
      .plain, p: p, columns: columns, keys: keys, source: [Float](repeating: 1, count: 5 * columns))
    #expect(values.allSatisfy { $0 == 0 || $0 == 1 / (1 - p) })
    let share = Double(values.count { $0 == 0 }) / Double(values.count)
    let deviation = (Double(p) * (1 - Double(p)) / Double(values.count)).squareRoot()
    #expect(abs(share - Double(p)) < 5 * deviation)
  }

  @Test("neighbours in the row and in the key are dropped independently")
  func independence() {
    let (columns, rows) = (4_000, 50)
    let values = dropped(
      .plain, p: 0.5, columns: columns, keys: (0..<UInt64(rows)).map { $0 },
      source: [Float](repeating: 1, count: rows * columns))
    // Agreement with the element one, two, … columns and one row away: half of the time.
    for distance in [1, 2, 3, 16, columns] {
      let pairs = zip(values, values.dropFirst(distance))
      let share = Double(pairs.count { $0 == $1 }) / Double(values.count - distance)
      #expect(abs(share - 0.5) < 5 * 0.5 / Double(values.count).squareRoot(), "distance \(distance)")
    }
  }

  @Test(
    "p = 0 keeps all, p = 1 leaves zeros, and what is dropped is 0 even where it was NaN",
    arguments: Table.available)
  func extremes(table: Table) {
    var random = Random(1)
    let source = random.floats(5 * 17)
    let infinite = [Float](repeating: .infinity, count: 5 * 17)
    let nan = [Float](repeating: .nan, count: 5 * 17)
    #expect(dropped(table, p: 0, columns: 17, keys: keys, source: source) == source)
    #expect(dropped(table, p: 1, columns: 17, keys: keys, source: infinite).allSatisfy { $0 == 0 })
    #expect(dropped(table, p: 0.5, columns: 17, keys: keys, source: nan).contains(0))
  }
}
