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
  private var learnedCounts: [[Int]: Double] = [:]

  private static let matchLengths = [24, 12, 6]

  init(tree: TokenTree, kinds: TokenKinds) { (self.tree, self.kinds) = (tree, kinds) }

  /// −log p of the next token, in nats; then it is learned and read.
  /// - Parameter outside: what another predictor says at a node.
  mutating func nats(reading token: TokenID, outside: (Int) -> Float?) -> Double {
    var nats = 0.0
    let way = tree.way(to: token)
    let choices = way.map { predict(Int($0.node), outside(Int($0.node))) }
    for (step, choice) in zip(way, choices) {
      nats -= log(step.bit == 1 ? choice.probability : 1 - choice.probability)
      learn(choice, Int(step.bit))
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
      "\(lines.count > 1) \(beginning) \(words[2])", "\(words[2]) \(words[0])",
      "\(followers(of: 1)) \(last(1))", "\(followers(of: 2)) \(last(1)) \(last(2))",
      "\(line.count) \(isAtBreak ? breakToken : above)", "\(shape) \(last(1))", "\(shape) \(words[2])",
    ]
  }

  private var shape: [TokenKinds.Kind] { text.suffix(8).map(kind) }

  /// What followed the last tokens at the last two places where they stood.
  private func followers(of length: Int) -> [TokenID] {
    // Before the beginning stand tokens of the number −1.
    let padded = Array(repeating: -1, count: length) + text
    let present = padded.suffix(length)
    let places = (length..<padded.count).filter { padded[($0 - length)..<$0].elementsEqual(present) }
    return places.suffix(2).map { padded[$0] }
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

  private struct Choice {
    var probability = 0.5
    var inputs: [Double] = []
    var keys: [[String]] = []
    /// By context: what was known; nil for nothing.
    var words: [HistoryWord?] = []
    /// The matches that expect a side.
    var matches: [(key: [Int], side: Int)] = []
    var situations: [[Int]] = []
    var longest = 0
    var sums: [Double] = []
    var stretched = 0.0
    var refinedAt: [[Int]] = []
  }

  private func predict(_ node: Int, _ outside: Float?) -> Choice {
    var choice = Choice()
    choice.keys = contexts.enumerated().map { ["\($0)", $1, "\(node)"] }
    choice.words = choice.keys.map { words[$0] }
    for (context, word) in choice.words.enumerated() {
      guard let word else {
        choice.inputs += [0, 0, 0]
        continue
      }
      let probability = outcome([context, word.history]).probability
      choice.inputs += [stretch(probability), stretch(word.probability), 2 * (Double(probability) - 0.5)]
      if context <= 8 { choice.longest = context }
    }
    var situation = 128
    for (number, place) in matchPlaces.enumerated() {
      guard let place, let side = tree.side(of: text[place], at: node) else {
        choice.inputs += [0, 0]
        continue
      }
      let length = min(matchedLength(place), 400)
      let step = length < 32 ? length : min(32 + (length - 32) / 12, 63)
      let key = [-1 - number, step]
      let (probability, sign) = (outcome(key).probability, side == 1 ? 1.0 : -1)
      choice.inputs += [sign * stretch(probability), sign * 2 * (Double(probability) - 0.5)]
      choice.matches.append((key, side))
      if situation == 128 { situation = 2 * step + side }
    }
    choice.inputs += [Double(outside ?? 0), 0.3]
    mix(&choice, node, situation)
    return choice
  }

  private mutating func learn(_ choice: Choice, _ bit: Int) {
    learnMix(choice, bit)
    for (key, side) in choice.matches { learn(key, side == bit, limit: 500) }
    for (context, key) in choice.keys.enumerated() {
      let word = choice.words[context] ?? .empty
      if choice.words[context] != nil { learn([context, word.history], bit == 1, limit: 1023) }
      let successors = histories.successors[word.history]
      words[key] = word.after(bit, history: bit == 1 ? successors.1 : successors.0)
    }
  }

  // MARK: Mixing

  private static let initialWeights: [Double] = {
    var weights: [Double] = []
    for _ in 0..<22 { weights += [0.1, 0.05, 0] }
    for _ in 0..<3 { weights += [0.3, 0] }
    return weights + [0.4, 0]
  }()

  private func logistic(_ x: Double) -> Double { 1 / (1 + exp(-x)) }

  private func limitedProduct(_ x: [Double], _ y: [Double]) -> Double {
    var sum = 0.0
    for index in x.indices { sum += x[index] * y[index] }
    return min(max(sum, -15), 15)
  }

  private func finalWeights(_ longest: Int) -> [Double] {
    finalWeights[longest] ?? Array(repeating: 1.0 / 6, count: 6)
  }

  private func mix(_ choice: inout Choice, _ node: Int, _ match: Int) {
    let kindNumbers = (1...3).map { last($0) < 0 ? 7 : kind(last($0)).rawValue }
    let longest = choice.longest
    choice.situations = [
      [0, node], [1, match], [2, longest], [3, Int(last(1))], [4] + kindNumbers, [5, min(node, 255), longest],
    ]
    for situation in choice.situations {
      choice.sums.append(limitedProduct(weights[situation] ?? Self.initialWeights, choice.inputs))
    }
    choice.stretched = limitedProduct(finalWeights(longest), choice.sums)
    choice.refinedAt = [[1, node, Int(last(1))], [2, node, Int(last(1)), Int(last(2))]]
    let (lower, part) = cell(choice.stretched)
    var refined = 0.0
    for context in choice.refinedAt {
      refined += Double(point(context, lower)) * (1 - part) + Double(point(context, lower + 1)) * part
    }
    let probability = 0.3 * logistic(choice.stretched) + 0.35 * refined
    choice.probability = min(max(probability, 1e-6), 1 - 1e-6)
  }

  private mutating func learnMix(_ choice: Choice, _ bit: Int) {
    let finalError = (Double(bit) - logistic(choice.stretched)) * 0.001
    var final = finalWeights(choice.longest)
    for (number, situation) in choice.situations.enumerated() {
      final[number] += finalError * choice.sums[number]
      learnedCounts[situation, default: 0] += 1
      let rate = max(0.001, 0.03 / (1 + learnedCounts[situation, default: 0] / 100).squareRoot())
      let error = (Double(bit) - logistic(choice.sums[number])) * rate
      var set = weights[situation] ?? Self.initialWeights
      for index in set.indices { set[index] += error * choice.inputs[index] }
      weights[situation] = set
    }
    finalWeights[choice.longest] = final
    let (lower, part) = cell(choice.stretched)
    for context in choice.refinedAt {
      let nearer = part > 0.5 ? lower + 1 : lower
      points[context + [nearer]] = point(context, nearer) + (Float(bit) - point(context, nearer)) * 0.02
    }
  }

  /// The two points that a stretched probability lies between: the lower one, and how far it is from it.
  private func cell(_ stretched: Double) -> (lower: Int, part: Double) {
    let position = (min(max(stretched, -7.999), 7.999) + 8) * 2
    return (Int(position), position - Double(Int(position)))
  }

  private func point(_ context: [Int], _ number: Int) -> Float {
    points[context + [number]] ?? 1 / (1 + exp(-(Float(number) - 16) / 2))
  }
}
