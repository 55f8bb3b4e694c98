@testable import RecurrentNN
import TestSupport
import Testing

@Suite struct PackedSequenceTests {
  private let lengths = [2, 5, 1, 5, 3]
  private var sequences: [Tensor] {
    var generator = SeededGenerator(seed: 3)
    return lengths.map { Tensor.randn(shape: [$0, 4], using: &generator) }
  }

  @Test("abc and x become axbc")
  func order() throws {
    let packed = try PackedSequence.pack([Tensor([[9]]), Tensor([[1], [2], [3]])])
    #expect(packed.data.values == [1, 9, 2, 3])
    #expect(packed.batchSizes == [2, 1, 1])
    #expect(packed.sortedIndices == [1, 0])
    #expect(packed.lengths == [1, 3])
  }

  @Test("unpacking and unpadding give back what was packed and padded", arguments: [false, true])
  func roundTrips(batchFirst: Bool) throws {
    let packed = try PackedSequence.pack(sequences)
    #expect(packed.unpack().map(\.values) == sequences.map(\.values))
    let padded = try packed.padded(batchFirst: batchFirst, value: 7, totalLength: 6)
    #expect(padded.sequences.shape == (batchFirst ? [5, 6, 4] : [6, 5, 4]))
    #expect(padded.lengths == lengths)
    #expect(padded.sequences.values.count { $0 == 7 } == (6 * 5 - 16) * 4)
    let unpadded = try unpad(padded.sequences, lengths: lengths, batchFirst: batchFirst)
    #expect(unpadded.map(\.values) == sequences.map(\.values))
    let again = try pad(sequences, batchFirst: batchFirst, value: 7)
    #expect(again.shape == (batchFirst ? [5, 5, 4] : [5, 5, 4]))
  }

  @Test("each packed sequence gives what it gives alone", arguments: [4, 32])
  func alone(_ hidden: Int) throws {
    let layer = LSTM(4, hidden, layers: 2, bidirectional: true)
    let packed = layer(try PackedSequence.pack(sequences))
    for (number, output) in packed.output.unpack().enumerated() {
      let single = layer(sequences[number])
      #expect(relativeError(output.values, single.output.values) <= 1e-6, "sequence \(number)")
      for (together, alone) in [(packed.state.hidden, single.state.hidden), (packed.state.cell, single.state.cell)] {
        let own = together.transpose(0, 1)[number]
        #expect(relativeError(own.values, alone.values) <= 1e-6, "state of sequence \(number)")
      }
    }
  }
}
