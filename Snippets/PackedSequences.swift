/// Sequences of different lengths in one call, without padding.
///
/// Look at: packed data is time-major, and the batch shrinks as sequences end; each sequence gives the output that it
/// gives alone; hidden is each sequence's state at its own end, in the order in which the sequences were given.

import RecurrentNN

// Two short sequences, to see the order of packed data.
let letters = try PackedSequence.pack([Tensor([[1], [2], [3]]), Tensor([[9]])])
print("data \(letters.data.squeeze()), batch sizes \(letters.batchSizes)")

RandomNumbers.manualSeed(1)
let lengths = [3, 6, 1, 4]
let sequences = lengths.map { Tensor.randn($0, 5) }
let packed = try PackedSequence.pack(sequences)
print("lengths \(packed.lengths), batch sizes \(packed.batchSizes), data \(packed.data.shape)")

let lstm = LSTM(5, 8, bidirectional: true)
let (output, state) = lstm(packed)
print("output data \(output.data.shape), h \(state.hidden.shape)")
for (number, sequence) in sequences.enumerated() {
  let alone = lstm(sequence.unsqueeze(1)).output.squeeze(1)
  let difference = (output.unpack()[number] - alone).norm().item
  print("sequence \(number): \(output.unpack()[number].shape), as alone: \(difference < 1e-5)")
}

// From and to padded batches.
let padded = try output.padded(value: -1)
print("padded \(padded.sequences.shape), lengths \(padded.lengths)")
let again = try PackedSequence.pack(padded: padded.sequences, lengths: padded.lengths, enforceSorted: false)
print("packed again alike:", again.data.values == output.data.values)
do throws(PackedSequence.Problem) {
  _ = try PackedSequence.pack(padded: padded.sequences, lengths: [3, 7, 1, 4], enforceSorted: false)
} catch {
  print("error:", error)
}
