/// Sequences of different lengths without padding: time-major, the longest first, so that the number of live sequences
/// falls from step to step.
///
///     a b c
///     x        →  data a x b c, batch sizes [2, 1, 1]
public struct PackedSequence {
  /// The rows, (sum of the lengths, width).
  public let data: Tensor
  /// The number of sequences at each time step; never rises.
  public let batchSizes: [Int]
  /// For each place in the packed order the number of the sequence as it was given.
  public let sortedIndices: [Int]
  /// For each sequence as it was given its place in the packed order.
  public let unsortedIndices: [Int]
  /// For each time step its first row.
  private let offsets: [Int]

  /// Why sequences cannot be packed, or unpacked as asked.
  public enum Problem: Error, Equatable, Sendable, CustomStringConvertible {
    /// There are no sequences.
    case noSequences
    /// A length is not positive.
    case length(sequence: Int, length: Int)
    /// A length exceeds the padded time. (PyTorch accepts it and packs nonsense.)
    case tooLong(sequence: Int, length: Int, timeStepCount: Int)
    /// The number of lengths is not the batch size.
    case lengthCount(found: Int, batchSize: Int)
    /// The sequences were promised to be sorted and are not.
    case unsorted(lengths: [Int])
    /// The time to pad to is shorter than the longest sequence.
    case totalLength(found: Int, longest: Int)

    /// One line: what is wrong, with the values.
    public var description: String {
      switch self {
      case .noSequences: "there are no sequences to pack"
      case .length(let sequence, let length): "sequence \(sequence) has length \(length); lengths must be positive"
      case .tooLong(let sequence, let length, let timeStepCount):
        "sequence \(sequence) has length \(length), the padded batch only \(timeStepCount) time steps"
      case .lengthCount(let found, let batchSize): "\(found) lengths for a batch of \(batchSize)"
      case .unsorted(let lengths): "lengths must fall where sorted input is promised, not \(lengths)"
      case .totalLength(let found, let longest): "a total length of \(found) is shorter than the longest, \(longest)"
      }
    }
  }

  /// Packs sequences, each (its length, width).
  /// - Parameter enforceSorted: whether it is an error if they do not come with falling lengths.
  /// - Throws: `Problem`.
  public static func pack(_ sequences: [Tensor], enforceSorted: Bool = false) throws(Problem) -> PackedSequence {
    let lengths = sequences.map { $0.size(0) }
    try check(lengths, enforceSorted: enforceSorted)
    let joined = Tensor.cat(sequences, 0)
    let starts = lengths.indices.map { lengths[..<$0].reduce(0, +) }
    return packed(joined, lengths: lengths) { sequence, step in starts[sequence] + step }
  }

  /// Packs a padded batch: (T, B, width), or (B, T, width) with `batchFirst`.
  /// - Throws: `Problem`, also for a length above T.
  public static func pack(
    padded: Tensor, lengths: [Int], batchFirst: Bool = false, enforceSorted: Bool = false
  ) throws(Problem) -> PackedSequence {
    let (timeStepCount, batchSize) = batchFirst ? (padded.size(1), padded.size(0)) : (padded.size(0), padded.size(1))
    guard lengths.count == batchSize else { throw .lengthCount(found: lengths.count, batchSize: batchSize) }
    try check(lengths, enforceSorted: enforceSorted)
    for (sequence, length) in lengths.enumerated() where length > timeStepCount {
      throw .tooLong(sequence: sequence, length: length, timeStepCount: timeStepCount)
    }
    let rows = padded.reshaped(to: [timeStepCount * batchSize] + padded.shape.dropFirst(2))
    return packed(rows, lengths: lengths) { sequence, step in
      batchFirst ? sequence * timeStepCount + step : step * batchSize + sequence
    }
  }

  private static func check(_ lengths: [Int], enforceSorted: Bool) throws(Problem) {
    guard !lengths.isEmpty else { throw .noSequences }
    for (sequence, length) in lengths.enumerated() where length <= 0 {
      throw .length(sequence: sequence, length: length)
    }
    if enforceSorted, zip(lengths, lengths.dropFirst()).contains(where: { $0 < $1 }) {
      throw .unsorted(lengths: lengths)
    }
  }

  private static func packed(
    _ rows: Tensor, lengths: [Int], row: (_ sequence: Int, _ step: Int) -> Int
  ) -> PackedSequence {
    // Stable: sequences of the same length keep their order.
    let sorted = lengths.indices.sorted { (lengths[$1], $0) < (lengths[$0], $1) }
    let sizes = (0..<lengths[sorted[0]]).map { step in lengths.count { $0 > step } }
    let indices = sizes.enumerated().flatMap { step, size in (0..<size).map { row(sorted[$0], step) } }
    return PackedSequence(data: rows.gather(indices), batchSizes: sizes, sortedIndices: sorted)
  }

  private init(data: Tensor, batchSizes: [Int], sortedIndices: [Int]) {
    self.data = data
    self.batchSizes = batchSizes
    self.sortedIndices = sortedIndices
    var unsorted = sortedIndices
    for (place, sequence) in sortedIndices.enumerated() { unsorted[sequence] = place }
    unsortedIndices = unsorted
    var offset = 0
    offsets = batchSizes.map { size in
      defer { offset += size }
      return offset
    }
  }

  /// The same packing with other rows, such as a layer's output.
  /// - Precondition: as many rows.
  public func replacingData(_ data: Tensor) -> PackedSequence {
    require(data.size(0) == self.data.size(0), "\(data.size(0)) rows for \(self.data.size(0))")
    return PackedSequence(data: data, batchSizes: batchSizes, sortedIndices: sortedIndices)
  }

  /// The length of each sequence, in the order in which they were given.
  public var lengths: [Int] { unsortedIndices.map { place in batchSizes.count { $0 > place } } }

  var walk: Walk {
    var walk = Walk()
    walk.set(lengths: sortedIndices.indices.map { place in batchSizes.count { $0 > place } })
    return walk
  }

  /// The sequences as they were given, each (its length, width).
  public func unpack() -> [Tensor] {
    lengths.enumerated().map { sequence, length in
      data.gather((0..<length).map { row(place: unsortedIndices[sequence], step: $0) })
    }
  }

  /// The sequences padded to the same length, (T, B, width) or (B, T, width), and their lengths.
  /// - Parameters:
  ///   - value: what stands behind the ends.
  ///   - totalLength: the time to pad to; nil for the longest sequence's.
  /// - Throws: `Problem.totalLength`.
  public func padded(
    batchFirst: Bool = false, value: Float = 0, totalLength: Int? = nil
  ) throws(Problem) -> (sequences: Tensor, lengths: [Int]) {
    let lengths = lengths
    let timeStepCount = totalLength ?? batchSizes.count
    guard timeStepCount >= batchSizes.count else { throw .totalLength(found: timeStepCount, longest: batchSizes.count) }
    // One row of padding behind the data, to be named wherever a sequence has ended.
    let padding = Tensor.full(value, shape: [1] + data.shape.dropFirst())
    let source = Tensor.cat([data, padding], 0)
    let steps = (0..<timeStepCount).map { step in
      source.gather(
        lengths.indices.map { lengths[$0] > step ? row(place: unsortedIndices[$0], step: step) : data.size(0) })
    }
    return (Tensor.stack(steps, batchFirst ? 1 : 0), lengths)
  }

  private func row(place: Int, step: Int) -> Int { offsets[step] + place }
}

/// Pads sequences, each (its length, width), to the longest: (T, B, width), or (B, T, width) with `batchFirst`.
/// - Throws: `PackedSequence.Problem`.
public func pad(
  _ sequences: [Tensor], batchFirst: Bool = false, value: Float = 0
) throws(PackedSequence.Problem) -> Tensor {
  try PackedSequence.pack(sequences).padded(batchFirst: batchFirst, value: value).sequences
}

/// The sequences of a padded batch, each (its length, width). The input is not changed.
/// - Throws: `PackedSequence.Problem`.
public func unpad(
  _ padded: Tensor, lengths: [Int], batchFirst: Bool = false
) throws(PackedSequence.Problem) -> [Tensor] {
  try PackedSequence.pack(padded: padded, lengths: lengths, batchFirst: batchFirst, enforceSorted: false).unpack()
}
