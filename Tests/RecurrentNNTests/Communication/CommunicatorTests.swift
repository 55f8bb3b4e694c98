import TestSupport
import Testing

@testable import RecurrentNN

/// What ranks tell each other, on threads of this process.
@Suite struct CommunicatorTests {
  @Test("one process by itself tells itself what it knows")
  func alone() {
    #expect(Communicator.alone.sums([1, 2]) == [1, 2])
    #expect(Communicator.alone.shared([7]) == [7])
    #expect(Communicator.alone.gathered([7, 8]) == [[7, 8]])
    #expect(Communicator.alone.isFirst && Communicator.alone.isAlone)
  }

  @Test("sums, the first one's bytes, and bytes of different lengths", arguments: [2, 3, 5])
  func told(size: Int) throws {
    let told = try onRanks(size) { communicator in
      let rank = communicator.rank
      return (
        communicator.sums([Double(rank), 1]), communicator.shared([UInt8(rank), 9]),
        communicator.gathered(Array(repeating: UInt8(rank), count: rank))
      )
    }
    for (sums, shared, gathered) in told {
      #expect(sums == [Double(size * (size - 1) / 2), Double(size)])
      #expect(shared == [0, 9])
      #expect(gathered == (0..<size).map { Array(repeating: UInt8($0), count: $0) })
    }
  }

  @Test("sums of many numbers are those in the order of ranks, to the bit", arguments: [2, 3, 4, 7])
  func rankSum(size: Int) throws {
    // Not a multiple of anything, in places of different shapes.
    let counts = [1, 37, 250, 16]
    func numbers(_ rank: Int) -> [[Float]] {
      var random = RandomValues(seed: 10 + rank)
      return counts.map { count in (0..<count).map { _ in Float.random(in: -1...1, using: &random) } }
    }
    let sums = try onRanks(size) { communicator in
      let buffers = numbers(communicator.rank).map { values in
        let buffer = Buffer<Float>(count: values.count)
        buffer.view.copy(from: values)
        return buffer
      }
      RankSum(
        [
          buffers[0].view.matrix(1, 1), buffers[1].view.matrix(1, 37), buffers[2].view.matrix(50, 5),
          buffers[3].view.matrix(4, 4),
        ],
        over: communicator, precision: .float32
      ).make()
      return buffers.map(\.view.array)
    }
    for sum in sums {
      for (place, count) in counts.enumerated() {
        for index in 0..<count {
          let expected = (1..<size).reduce(numbers(0)[place][index]) { $0 + numbers($1)[place][index] }
          #expect(sum[place][index].bitPattern == expected.bitPattern, "place \(place), number \(index)")
        }
      }
    }
  }

  @Test("a part of a matrix's columns is summed in its place, and nothing else")
  func columns() throws {
    let sums = try onRanks(2) { communicator in
      let buffer = Buffer<Float>(count: 12)
      buffer.view.copy(from: (0..<12).map { Float($0) })
      RankSum([buffer.view.matrix(3, 4).columns(1..<3)], over: communicator, precision: .float32).make()
      return buffer.view.array
    }
    let expected: [Float] = [0, 2, 4, 3, 4, 10, 12, 7, 8, 18, 20, 11]
    #expect(sums == [expected, expected])
  }

  @Test("in bfloat16 a sum is good to two roundings of 8 bits, and the same at all ranks")
  func narrow() throws {
    let values: [Float] = [1, -0.3, 1e-20, 3e30, 0, 123.456]
    let sums = try onRanks(3) { communicator in
      let buffer = Buffer<Float>(count: values.count)
      buffer.view.copy(from: values)
      RankSum([buffer.view.matrix(1, values.count)], over: communicator, precision: .bfloat16).make()
      return buffer.view.array
    }
    #expect(Set(sums).count == 1)
    for (sum, value) in zip(sums[0], values) { #expect(abs(sum - 3 * value) <= 2 * abs(3 * value) / 256) }
  }

  @Test("sums in the background are made in order, round after round")
  func background() throws {
    let totals = try onRanks(2) { communicator in
      let buffers = (0..<3).map { _ in Buffer<Float>(count: 40) }
      let sums = BackgroundSums(
        buffers.map { RankSum([$0.view.matrix(1, 40)], over: communicator, precision: .float32) })
      for round in 0..<50 {
        for buffer in buffers {
          buffer.view.fill(Float(round))
          sums.startNext()
        }
        sums.finish()
        for buffer in buffers where buffer.view.array != Array(repeating: Float(2 * round), count: 40) { return false }
      }
      return sums.byteCount == 3 * 2 * 32 * 4
    }
    #expect(totals == [true, true])
  }

  @Test(
    "numbers that are not, and those beyond bfloat16's largest, stay recognizable",
    arguments: [
      Float.nan, -.nan, .infinity, -.infinity, .greatestFiniteMagnitude, 0, -0.0, .leastNonzeroMagnitude, 1.00390625,
    ])
  func narrowing(_ value: Float) throws {
    let sums = try onRanks(2) { communicator in
      let buffer = Buffer<Float>(count: 1)
      buffer.view[0] = communicator.rank == 0 ? value : 0
      RankSum([buffer.view.matrix(1, 1)], over: communicator, precision: .bfloat16).make()
      return buffer.view[0]
    }
    if value.isNaN {
      #expect(sums[0].isNaN)
    } else {
      #expect(sums[0].isFinite == value.isFinite || value == .greatestFiniteMagnitude)
    }
    if value == 1.00390625 { #expect(sums[0] == 1) }  // a tie goes to the even one
  }
}
