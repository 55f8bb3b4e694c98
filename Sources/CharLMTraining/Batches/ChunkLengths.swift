import CharLM
import RecurrentNN

/// The lengths of a run's chunks, and so where each begins: functions of the step's number alone.
///
/// Without a seed all have the longest length; with one each is drawn from the upper half, ⌈T/2⌉ to T.
struct ChunkLengths {
  private let longest: Int
  private let seed: UInt64?
  /// The last position that was asked for: a run asks for one after the other.
  private let last: Buffer<Int> = Buffer(count: 2)  // step, position

  init(longest: Int, seed: UInt64?) {
    self.longest = longest
    self.seed = seed
  }

  init(_ settings: TrainingSettings) {
    self.init(longest: settings.bptt, seed: settings.isJittered ? settings.randomSeed : nil)
  }

  private var shortest: Int { (longest + 1) / 2 }

  /// The mean length.
  var mean: Double { seed == nil ? Double(longest) : Double(shortest + longest) / 2 }

  func length(of step: Int) -> Int {
    guard let seed else { return longest }
    let draw = mix(mix(seed) ^ UInt64(truncatingIfNeeded: step))
    return shortest + Int(draw % UInt64(longest - shortest + 1))
  }

  /// The sum of the lengths of all chunks before a step's.
  func position(of step: Int) -> Int {
    guard seed != nil else { return step * longest }
    let last = last.view
    if step < last[0] { last.fill(0) }
    while last[0] < step {
      last[1] += length(of: last[0])
      last[0] += 1
    }
    return last[1]
  }
}
