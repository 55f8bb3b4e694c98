import CharLMText
import Foundation

@testable import CharLM

/// What `ContextMixer` computes, as plainly as can be: dictionaries by the contexts themselves in place of hash tables,
/// contexts and matches searched for in the whole text, sums in double precision.
///
/// Shared with the mixer are the tree, the states of histories and the words of the table, which have tests of their own.
struct ReferenceCounts {
  let tree: TokenTree
  let kinds: TokenKinds
  private let histories = BitHistories()
  private var text: [TokenID] = []
  private var words: [[String]: HistoryWord] = [:]
  private var outcomes: [[Int]: (probability: Float, count: Float)] = [:]
  private var matchPlaces = [Int?](repeating: nil, count: 3)
  private var weights: [[Int]: [Double]] = [:]
  private var finalWeights: [Int: [Double]] = [:]
  private var points: [[Int]: Float] = [:]
  private var learnedCount = 0

  private static let matchLengths = [24, 12, 6]

  init(tree: TokenTree, kinds: TokenKinds) { (self.tree, self.kinds) = (tree, kinds) }

  /// −log p of the next token, in nats; then it is learned and read.
  /// - Parameter outside: what another predictor says at a node.
  mutating func nats(reading token: TokenID, outside: (Int) -> Float?) -> Double {
    var nats = 0.0
    for step in tree.way(to: token) {
      nats -= log(choose(Int(step.node), Int(step.bit), outside(Int(step.node))))
    }
    read(token)
    return nats
  }

  // MARK: Contexts

  private func last(_ distance: Int) -> TokenID { distance <= text.count ? text[text.count - distance] : -1 }

  private func kind(_ token: TokenID) -> TokenKinds.Kind { kinds.kinds[Int(token)] }

  /// The words of the text, the last one empty unless the text ends in a letter; without regard to case.
  private var allWords: [[UInt64]] {
    var result: [[UInt64]] = [[]]
    for token in text {
      if kind(token) == .letter {
        result[result.count - 1].append(kinds.folds[Int(token)])
      } else if !result[result.count - 1].isEmpty {
        result.append([])
      }
    }
    return result
  }

  private var contexts: [String] {
    let words = ([[], []] + allWords).suffix(3).map { "\($0)" }
    let lines = text.split(omittingEmptySubsequences: false) { kind($0) == .lineBreak }.map(Array.init)
    let line = lines[lines.count - 1]
    let above = lines.count > 1 && line.count < lines[lines.count - 2].count ? lines[lines.count - 2][line.count] : -1
    // Where the line above is as long as this, its line break stands above.
    let isAtBreak = lines.count > 1 && line.count == lines[lines.count - 2].count
    let breakToken = text.last { kind($0) == .lineBreak } ?? -1
    let beginning = line.prefix((line.firstIndex { kind($0) != .space } ?? line.count) + 1)
    let orders = [1, 2, 3, 4, 5, 6, 7, 9].map { order in "\((1...order).map { last($0) })" }
    return [""] + orders + [
      words[2], words[1] + words[2], words[0] + words[1] + words[2], "\(last(2)) \(last(3))",
      "\(last(1)) \(last(3)) \(last(4))", "\(isAtBreak ? breakToken : above) \(last(1))",
      "\(lines.count > 1) \(beginning) \(words[2])",
    ]
  }

  private mutating func read(_ token: TokenID) {
    for (number, length) in Self.matchLengths.enumerated() {
      if let place = matchPlaces[number], text[place] == token {
        matchPlaces[number] = place + 1
      } else {
        matchPlaces[number] = nil
      }
      guard matchPlaces[number] == nil, text.count + 1 >= length else { continue }
      let present = (text + [token]).suffix(length)
      matchPlaces[number] = stride(from: text.count, through: length, by: -1).first { end in
        (text + [token])[(end - length)..<end].elementsEqual(present)
      }
    }
    text.append(token)
  }

  private func matchedLength(_ place: Int) -> Int {
    var length = 0
    while length < place, text[place - 1 - length] == text[text.count - 1 - length] { length += 1 }
    return length
  }

  // MARK: A choice

  private func stretch(_ probability: Float) -> Double {
    let middle = (Double(min(max(Int(probability * 4096), 0), 4095)) + 0.5) / 4096
    return log(middle / (1 - middle))
  }

  private func outcome(_ key: [Int]) -> (probability: Float, count: Float) {
    if let known = outcomes[key] { return known }
    if key[0] < 0 { return (1 - 0.5 / (Float(key[1]) + 1.5), 0) }
    let state = histories.states[key[1]]
    return ((Float(state.ones) + 0.4) / (Float(state.zeros + state.ones) + 0.8), 0)
  }

  private mutating func learn(_ key: [Int], _ isOne: Bool, limit: Float) {
    var known = outcome(key)
    known.count = min(known.count + 1, limit)
    known.probability += ((isOne ? 1 : 0) - known.probability) / (known.count + 1.5)
    outcomes[key] = known
  }

  /// The probability of a choice's outcome, which is then learned.
  private mutating func choose(_ node: Int, _ bit: Int, _ outside: Float?) -> Double {
    var inputs: [Double] = []
    var learned: [(key: [Int], isOne: Bool, limit: Float)] = []
    var longest = 0
    let keys = contexts.enumerated().map { ["\($0)", $1, "\(node)"] }
    for (context, key) in keys.enumerated() {
      guard let word = words[key] else {
        inputs += [0, 0, 0]
        continue
      }
      let probability = outcome([context, word.history]).probability
      inputs += [stretch(probability), stretch(word.probability), 2 * (Double(probability) - 0.5)]
      learned.append(([context, word.history], bit == 1, 255))
      if context <= 8 { longest = context }
    }
    var situation = 128
    for (number, place) in matchPlaces.enumerated() {
      guard let place, let side = tree.side(of: text[place], at: node) else {
        inputs += [0, 0]
        continue
      }
      let length = min(matchedLength(place), 400)
      let step = length < 32 ? length : min(32 + (length - 32) / 12, 63)
      let key = [-1 - number, step]
      let (probability, sign) = (outcome(key).probability, side == 1 ? 1.0 : -1)
      inputs += [sign * stretch(probability), sign * 2 * (Double(probability) - 0.5)]
      learned.append((key, side == bit, 500))
      if situation == 128 { situation = 2 * step + side }
    }
    inputs += [Double(outside ?? 0), 0.3]
    let probability = mix(inputs, node, situation, longest, bit)
    for (key, isOne, limit) in learned { learn(key, isOne, limit: limit) }
    for key in keys {
      let word = words[key] ?? .empty
      let successors = histories.successors[word.history]
      words[key] = word.after(bit, history: bit == 1 ? successors.1 : successors.0)
    }
    return probability
  }

  // MARK: Mixing

  private static let initialWeights: [Double] = {
    var weights: [Double] = []
    for _ in 0..<16 { weights += [0.2, 0.1, 0] }
    for _ in 0..<3 { weights += [0.3, 0] }
    return weights + [0.4, 0]
  }()

  private func logistic(_ x: Double) -> Double { 1 / (1 + exp(-x)) }

  private func limitedProduct(_ x: [Double], _ y: [Double]) -> Double {
    var sum = 0.0
    for index in x.indices { sum += x[index] * y[index] }
    return min(max(sum, -15), 15)
  }

  private mutating func mix(_ inputs: [Double], _ node: Int, _ match: Int, _ longest: Int, _ bit: Int) -> Double {
    let kindNumbers = (1...3).map { last($0) < 0 ? 7 : kind(last($0)).rawValue }
    let situations = [
      [0, node], [1, match], [2, longest], [3, Int(last(1))], [4] + kindNumbers, [5, min(node, 255), longest],
    ]
    let sets: [[Double]] = situations.map { weights[$0] ?? Self.initialWeights }
    let final: [Double] = finalWeights[longest] ?? Array(repeating: 1.0 / 6, count: 6)
    let sums: [Double] = sets.map { limitedProduct($0, inputs) }
    let stretched = limitedProduct(final, sums)
    let mixed = logistic(stretched)
    let second = refine(stretched, node, bit) * 0.5 + 0.5 * mixed
    learnedCount += 1
    let rate = max(0.002, 0.015 / (1 + Double(learnedCount) / 4000).squareRoot())
    for (number, situation) in situations.enumerated() {
      let error = (Double(bit) - logistic(sums[number])) * rate
      weights[situation] = inputs.indices.map { sets[number][$0] + error * inputs[$0] }
    }
    let finalError = (Double(bit) - mixed) * 0.002
    finalWeights[longest] = sums.indices.map { final[$0] + finalError * sums[$0] }
    let limited = min(max(second, 1e-6), 1 - 1e-6)
    return bit == 1 ? limited : 1 - limited
  }

  /// The mean of the two refined probabilities; they are then learned.
  private mutating func refine(_ stretched: Double, _ node: Int, _ bit: Int) -> Double {
    let position = (min(max(stretched, -7.999), 7.999) + 8) * 2
    let (lower, part) = (Int(position), position - Double(Int(position)))
    var sum = 0.0
    for context in [[1, node, Int(last(1))], [2, node, Int(last(1)), Int(last(2))]] {
      func point(_ number: Int) -> Float { points[context + [number]] ?? 1 / (1 + expf(-(Float(number) - 16) / 2)) }
      sum += Double(point(lower)) * (1 - part) + Double(point(lower + 1)) * part
      let nearer = part > 0.5 ? lower + 1 : lower
      points[context + [nearer]] = point(nearer) + (Float(bit) - point(nearer)) * 0.02
    }
    return sum / 2
  }
}
