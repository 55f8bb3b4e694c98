/// Weights opinions on a choice between two, and learns the weights from how it turned out (Mattern 2012; Mahoney 2005):
///
///     x          the opinions, each as log p / (1 − p) or another measure that is 0 for none
///     p_s      = σ(w_s · x)             one for each selector, which picks the weights w_s of its present situation
///     p        = σ(Σ_s v_s (w_s · x))   the final one, whose weights the situation picks, too
///     w_s     += rate (bit − p_s) x     the gradient of the code length; likewise for v
///
/// A network of two layers, each neuron of which is trained by itself, online, on the bits' code length. All of it is
/// plain arithmetic in a fixed order: the same bits on every CPU.
struct LogisticMixer: Sendable {
  typealias Lanes = SIMD16<Float>

  /// The opinions on a choice, and what came of them.
  struct Mix: Sendable {
    /// One for each input, and zeros to fill the last lanes.
    var inputs: [Float]
    /// The situation of each selector.
    var situations: [Int]
    var finalSituation = 0
    /// Of a one.
    fileprivate(set) var probability: Float = 0.5
    /// log p / (1 − p).
    fileprivate(set) var stretched: Float = 0
    fileprivate var lanes: [Lanes]
    fileprivate var sums: [Float]
  }

  /// The sets of weights of each selector, one after another, each of `laneCount` lanes.
  private var weights: ValueBuffer<Lanes>
  private var finalWeights: [Float]
  private let laneCount: Int
  private let selectorStarts: [Int]
  /// How often each set of weights was trained.
  private var updateCounts: [Float]

  /// Sums beyond these are cut: the probability is then 3e-7 from 0 or 1.
  private static let limit: Float = 15
  /// The rate of a set of weights falls as it is trained, so that what is met for the first time late in a text still
  /// learns quickly.
  private static let firstRate: Float = 0.03
  private static let lastRate: Float = 0.001
  private static let decayCount: Float = 100

  /// - Parameters:
  ///   - initial: the weights of all situations at first, one for each input.
  ///   - situationCounts: of each selector.
  ///   - finalSituationCount: those that pick the final weights.
  init(initial: [Float], situationCounts: [Int], finalSituationCount: Int) {
    laneCount = (initial.count + 15) / 16
    let padded = initial + [Float](repeating: 0, count: laneCount * 16 - initial.count)
    let set = (0..<laneCount).map { Lanes(padded[$0 * 16..<$0 * 16 + 16]) }
    selectorStarts = situationCounts.indices.map { situationCounts[..<$0].reduce(0, +) }
    updateCounts = Array(repeating: 0, count: situationCounts.reduce(0, +))
    weights = ValueBuffer(Array(repeatElement(set, count: situationCounts.reduce(0, +)).joined()))
    finalWeights = Array(
      repeating: 1 / Float(situationCounts.count), count: finalSituationCount * situationCounts.count)
  }

  var byteCount: Int { weights.count * MemoryLayout<Lanes>.stride + 4 * (finalWeights.count + updateCounts.count) }

  func makeMix() -> Mix {
    Mix(
      inputs: Array(repeating: 0, count: laneCount * 16), situations: Array(repeating: 0, count: selectorStarts.count),
      lanes: Array(repeating: Lanes(), count: laneCount), sums: Array(repeating: 0, count: selectorStarts.count))
  }

  /// Mixes the inputs.
  @inline(__always)
  func mix(_ mix: inout Mix) {
    for lane in 0..<laneCount { mix.lanes[lane] = Lanes(mix.inputs[lane * 16..<lane * 16 + 16]) }
    let finalStart = mix.finalSituation * selectorStarts.count
    var total: Float = 0
    for selector in selectorStarts.indices {
      let start = (selectorStarts[selector] + mix.situations[selector]) * laneCount
      var products = Lanes()
      for lane in 0..<laneCount { products += weights[start + lane] * mix.lanes[lane] }
      let sum = LogisticMixer.limited(LogisticMixer.sum(products))
      mix.sums[selector] = sum
      total += finalWeights[finalStart + selector] * sum
    }
    mix.stretched = LogisticMixer.limited(total)
    mix.probability = logisticFunction(mix.stretched)
  }

  /// Learns from the bit that a mix was of.
  @inline(__always)
  mutating func learn(_ bit: Int, _ mix: Mix) {
    let finalStart = mix.finalSituation * selectorStarts.count
    let weights = weights.own()
    let finalError = (Float(bit) - mix.probability) * LogisticMixer.lastRate
    for selector in selectorStarts.indices {
      finalWeights[finalStart + selector] += finalError * mix.sums[selector]
      let set = selectorStarts[selector] + mix.situations[selector]
      updateCounts[set] += 1
      let slowed = LogisticMixer.firstRate / (1 + updateCounts[set] / LogisticMixer.decayCount).squareRoot()
      let error = (Float(bit) - logisticFunction(mix.sums[selector])) * max(LogisticMixer.lastRate, slowed)
      let start = set * laneCount
      for lane in 0..<laneCount { weights[start + lane] += error * mix.lanes[lane] }
    }
  }

  /// The sum of the lanes, always added in the same order.
  @inline(__always)
  private static func sum(_ lanes: Lanes) -> Float {
    let eight = lanes.lowHalf + lanes.highHalf
    let four = eight.lowHalf + eight.highHalf
    let two = four.lowHalf + four.highHalf
    return two.x + two.y
  }

  @inline(__always)
  private static func limited(_ sum: Float) -> Float { min(max(sum, -limit), limit) }
}
