import CharLMText
import Foundation
import RecurrentNN
import TestSupport
import Testing

@testable import CharLM

/// What is drawn through each filter, and through several, against probabilities that are worked out plainly.
@Suite struct FilterDistributionTests {
  /// The filters' definitions once more, in double precision, by sorting and summing.
  struct PlainFilters {
    let letters: [Character]
    let history: [Int]
    private(set) var logits: [Double]

    init(_ logits: [Float], _ letters: [Character], _ history: [Int]) {
      (self.letters, self.history, self.logits) = (letters, history, logits.map(Double.init))
    }

    var probabilities: [Double] {
      let largest = logits.max() ?? 0
      let weights = logits.map { exp($0 - largest) }
      let sum = weights.reduce(0, +)
      return weights.map { $0 / sum }
    }

    private mutating func keep(_ isKept: (Int) -> Bool) {
      for token in logits.indices where !isKept(token) { logits[token] = -.infinity }
    }

    /// Keeps tokens in an order until they have a probability together.
    private mutating func keep(_ order: [Int], until probability: Double) {
      let probabilities = self.probabilities
      var (reached, kept) = (0.0, Set<Int>())
      for token in order where reached < probability {
        kept.insert(token)
        reached += probabilities[token]
      }
      keep(kept.contains)
    }

    private var likeliest: [Int] { logits.indices.sorted { (logits[$0], $1) > (logits[$1], $0) } }
    private var possible: [Int] { logits.indices.filter { logits[$0].isFinite } }
    private var entropy: Double { -probabilities.filter { $0 > 0 }.map { $0 * log($0) }.reduce(0, +) }

    private mutating func divide(by temperature: Double) {
      if temperature == 0 {
        let first = likeliest[0]
        keep { $0 == first }
      } else {
        logits = logits.map { $0 / temperature }
      }
    }

    mutating func apply(_ filter: SamplingSettings.Filter, _ settings: SamplingSettings) {
      switch filter {
      case .repeatPenalty:
        let factor = Double(settings.repeatPenalty)
        for token in Set(history.suffix(64)) { logits[token] *= logits[token] > 0 ? 1 / factor : factor }
      case .dry: if let strength = settings.dry { punishRepetition(Double(strength)) }
      case .logitBias:
        for bias in settings.biases {
          for token in logits.indices where bias.set.containsAll(of: String(letters[token]).utf8) {
            logits[token] += Double(bias.value)
          }
        }
      case .topNSigma:
        guard let count = settings.topNSigma else { return }
        let (all, values) = (logits, possible.map { logits[$0] })
        let mean = values.reduce(0, +) / Double(values.count)
        let variance = values.map { ($0 - mean) * ($0 - mean) }.reduce(0, +) / Double(values.count)
        let limit = (values.max() ?? 0) - Double(count) * variance.squareRoot()
        keep { all[$0] >= limit }
      case .temperature: divide(by: temperature(settings))
      case .typicalP:
        guard let probability = settings.typicalP else { return }
        let (expected, probabilities) = (entropy, self.probabilities)
        let order = possible.sorted {
          (abs(-log(probabilities[$0]) - expected), $0) < (abs(-log(probabilities[$1]) - expected), $1)
        }
        keep(order, until: Double(probability))
      case .minP:
        guard let part = settings.minP else { return }
        let probabilities = self.probabilities
        keep { probabilities[$0] >= Double(part) * (probabilities.max() ?? 0) }
      case .topK:
        guard let count = settings.topK else { return }
        let kept = Set(likeliest.prefix(count))
        keep(kept.contains)
      case .topP: if let probability = settings.topP { keep(likeliest, until: Double(probability)) }
      case .mirostat:
        guard let target = settings.mirostat else { return }
        let (probabilities, first) = (self.probabilities, likeliest[0])
        keep { $0 == first || -log2(probabilities[$0]) <= 2 * Double(target) }
      }
    }

    private func temperature(_ settings: SamplingSettings) -> Double {
      let temperature = Double(settings.temperature)
      if let inside = settings.wordTemperature, letters[history[history.count - 1]].isLetter { return Double(inside) }
      guard let range = settings.temperatureRange.map(Double.init) else { return temperature }
      let part = entropy / log(Double(possible.count))
      return max(temperature - range, 0.01) + part * (temperature + range - max(temperature - range, 0.01))
    }

    /// For each place before, how much of the text up to it is also at the end, and what came next there.
    private mutating func punishRepetition(_ strength: Double) {
      var longest: [Int: Int] = [:]
      for place in history.indices.dropLast() where letters[history[place + 1]] != "\n" {
        var length = 0
        while length <= place, history[place - length] == history[history.count - 1 - length],
          letters[history[place - length]] != "\n"
        { length += 1 }
        longest[history[place + 1]] = max(longest[history[place + 1]] ?? 0, length)
      }
      for (token, length) in longest where length >= 16 { logits[token] -= strength * pow(1.15, Double(length - 16)) }
    }
  }

  private static func settings(_ change: (inout SamplingSettings) throws -> Void) rethrows -> SamplingSettings {
    var settings = SamplingSettings(temperature: 1)
    try change(&settings)
    return settings
  }

  private static let singles: [SamplingSettings] = [
    settings { $0.temperature = 0.6 }, settings { $0.temperature = 2.5 }, settings { $0.temperature = 0 },
    settings { $0.topK = 1 }, settings { $0.topK = 4 }, settings { $0.topP = 0.4 }, settings { $0.topP = 0.9 },
    settings { $0.minP = 0.02 }, settings { $0.minP = 0.3 }, settings { $0.typicalP = 0.3 },
    settings { $0.typicalP = 0.8 }, settings { $0.topNSigma = 0.5 }, settings { $0.topNSigma = 1.5 },
    settings { $0.repeatPenalty = 1.8 }, settings { $0.repeatPenalty = 0.7 }, settings { $0.dry = 0.8 },
    settings { $0.mirostat = 0.7 }, settings { $0.mirostat = 1.6 }, settings { $0.wordTemperature = 0.4 },
    settings { $0.temperatureRange = 0.5 },
  ]

  private static func several() throws -> [SamplingSettings] {
    let bias = SamplingSettings.Bias(1.5, to: try UnicodeSet("[a-d]"))
    return [
      settings { ($0.temperature, $0.topK, $0.topP) = (0.8, 6, 0.7) },
      settings { ($0.minP, $0.topP, $0.repeatPenalty) = (0.05, 0.8, 1.3) },
      settings { ($0.dry, $0.typicalP, $0.mirostat, $0.topNSigma) = (0.8, 0.9, 1.5, 2) },
      settings { ($0.biases, $0.topK, $0.temperatureRange) = ([bias], 8, 0.4) },
      settings { ($0.order, $0.temperature, $0.topP) = ([.topP, .temperature], 3, 0.6) },
      settings { ($0.order, $0.temperature, $0.topK, $0.minP) = ([.topK, .minP, .temperature], 2, 7, 0.1) },
      try settings { ($0.allowed, $0.topP) = (try UnicodeSet("[a-f]"), 0.8) },
      try settings { ($0.forbidden, $0.topK, $0.wordTemperature) = (try UnicodeSet("[e\\n]"), 4, 2) },
    ]
  }

  @Test("each filter alone draws what its definition says", arguments: singles.indices)
  func alone(_ index: Int) throws { try check(Self.singles[index]) }

  @Test("several filters draw what their definitions say one after the other", arguments: 0..<8)
  func together(_ index: Int) throws { try check(Self.several()[index]) }

  private func check(_ settings: SamplingSettings) throws {
    let letters = Array("abcdefgh \n-")
    let vocabulary = try Vocabulary(tokens: letters.map { Token(String($0)) })
    let tokenizer = Tokenizer(vocabulary: vocabulary, settings: TextSettings())
    // Different logits of both signs, none near a limit of another.
    let logits: [Float] = [1.3, 2.9, -2.1, 0.35, 2.2, -0.6, 1.75, -1.2, 0.8, -3.4, 0.1]
    // 17 letters come again, and after them there was a g; a shorter repetition, after which there was an a, has no weight.
    let repeated = "abcabdabeabfabg-ha"
    let text = "f" + repeated + "g" + "hada" + "\n" + repeated
    let history = try text.map { try #require(letters.firstIndex(of: $0)) }
    var sampler = TokenSampler(settings, tokenizer: tokenizer)
    for token in history { sampler.note(TokenID(token)) }

    var allowed = logits
    for token in settings.excludedTokens(of: vocabulary) { allowed[Int(token)] = -.infinity }
    var plain = PlainFilters(allowed, letters, history)
    for filter in settings.order { plain.apply(filter, settings) }

    var random = SeededGenerator(seed: 11)
    var counts = [Int](repeating: 0, count: letters.count)
    for _ in 0..<8000 {
      var fresh = sampler
      counts[Int(fresh.draw(from: logits.span, using: &random))] += 1
    }
    let probabilities = plain.probabilities
    let test = ChiSquare(counts, probabilities)
    #expect(test.isLikely, "\(counts) of \(probabilities.map { ($0 * 8000).rounded() }), \(settings)")
  }
}
