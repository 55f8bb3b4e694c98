import Foundation
import CharLMText
import RecurrentNN
import Testing

@testable import CharLM

@Suite("Sampling filters") struct SamplingFilterTests {
  private static let left = -Float.infinity

  private func exponential(_ x: Float) -> Float { x.isFinite ? exp(x) : 0 }

  private func applied(_ filter: some SamplingFilter, to logits: [Float], after read: [TokenID] = []) -> [Float] {
    var (filter, logits) = (filter, logits)
    for token in read { filter.note(token) }
    var span = logits.mutableSpan
    filter.apply(to: &span)
    return logits
  }

  @Test("each filter changes the logits as it says")
  func alone() {
    let logits: [Float] = [1, 3, -2, 0, 3]
    let left = Self.left
    #expect(applied(RepeatPenalty(2), to: logits, after: [1, 2, 2]) == [1, 1.5, -4, 0, 3])
    #expect(
      applied(RepeatPenalty(2), to: logits, after: [0] + [TokenID](repeating: 4, count: 64)) == [1, 3, -2, 0, 1.5])
    #expect(applied(ForbiddenTokens([0, 4]), to: logits) == [left, 3, -2, 0, left])
    #expect(applied(Temperature(0.5), to: logits) == [-4, 0, -10, -6, 0])
    #expect(applied(Temperature(0), to: logits) == [left, 3, left, left, left])
    // e^−2 = 0.135, e^−3 = 0.0498 and e^−5 of the likeliest.
    #expect(applied(MinP(0.1), to: logits) == [1, 3, left, left, 3])
    #expect(applied(TopK(2), to: logits) == [left, 3, left, left, 3])
    #expect(applied(TopK(1), to: logits) == [left, 3, left, left, left])
    // Probabilities 0.062, 0.457, 0.003, 0.023 and 0.457.
    #expect(applied(TopP(0.9), to: logits) == [left, 3, left, left, 3])
    #expect(applied(TopP(0.95), to: logits) == [1, 3, left, left, 3])
    #expect(applied(TopP(1), to: logits) == logits)
  }

  @Test("top-n-sigma keeps what is near the largest logit, at any temperature")
  func topNSigma() {
    // Mean 1 and standard deviation √3.6 = 1.897.
    let logits: [Float] = [1, 3, -2, 0, 3]
    let left = Self.left
    #expect(applied(TopNSigma(1), to: logits) == [left, 3, left, left, 3])
    #expect(applied(TopNSigma(1.1), to: logits) == [1, 3, left, left, 3])
    #expect(applied(TopNSigma(1.1), to: logits.map { $0 / 4 }) == [0.25, 0.75, left, left, 0.75])
    #expect(applied(TopNSigma(0), to: [1, left, 2]) == [left, left, 2])
    #expect(applied(TopNSigma(2), to: [left, 5, left]) == [left, 5, left])
  }

  @Test("typical-p keeps what is about as surprising as expected")
  func typicalP() {
    // Probabilities 0.5, 0.25, 0.125 and 0.125: an entropy of 1.75 bits, from which the second differs by 0.25, the first
    // by 0.75, the others by 1.25.
    let logits = [Float(0.5), 0.25, 0.125, 0.125].map { Float(logarithm(Double($0))) }
    let left = Self.left
    #expect(applied(TypicalP(0.2), to: logits) == [left, logits[1], left, left])
    #expect(applied(TypicalP(0.7), to: logits) == [logits[0], logits[1], left, left])
    #expect(applied(TypicalP(0.8), to: logits) == [logits[0], logits[1], logits[2], left])
    #expect(applied(TypicalP(1), to: logits) == logits)
    #expect(applied(TypicalP(0.5), to: [left, 1, left]) == [left, 1, left])
  }

  @Test("a dynamic temperature is low where one token is certain, and high where all are alike")
  func dynamicTemperature() {
    #expect(applied(DynamicTemperature(0.5...2), to: [1, 1, 1]) == [0, 0, 0])
    let sure = applied(DynamicTemperature(0.5...2), to: [0, 100, 0])
    #expect(sure[1] == 0 && abs(sure[0] + 200) < 0.01)
    // Of two tokens with odds of 3 to 1 the entropy is 0.8113 bits of 1.
    let odds = applied(DynamicTemperature(0.5...1.5), to: [Float(logarithm(3.0)), 0])
    #expect(abs(odds[1] + Float(logarithm(3.0)) / 1.3113) < 1e-4)
    #expect(applied(DynamicTemperature(1...2), to: [Self.left, 3]) == [Self.left, 3])
  }

  @Test("the temperature inside words counts after letters, marks and digits")
  func wordTemperature() throws {
    let vocabulary = try Vocabulary(tokens: ["a", "é", "7", " ", "-"].map { Token($0) })
    let filter = WordTemperature(inside: 0, outside: 1, vocabulary)
    for text in ["a", "é", "7"] {
      let token = try #require(vocabulary.id(of: text))
      #expect(applied(filter, to: [1, 2, 3, 4, 5], after: [token]).filter(\.isFinite).count == 1, "\(text)")
    }
    for text in [" ", "-"] {
      let token = try #require(vocabulary.id(of: text))
      #expect(applied(filter, to: [1, 2, 3, 4, 5], after: [token]) == [-4, -3, -2, -1, 0], "'\(text)'")
    }
    #expect(applied(filter, to: [1, 2, 3, 4, 5]) == [-4, -3, -2, -1, 0], "at the beginning")
  }

  @Test("DRY costs more the longer a repetition is, and not across a breaker")
  func dry() {
    let logits = [Float](repeating: 1, count: 6)
    let filter = DontRepeatYourself(2, length: 2, growth: 1.5, breakers: [5])
    #expect(applied(filter, to: logits, after: [0, 1, 2, 3, 1]) == logits, "one token is no repetition")
    #expect(applied(filter, to: logits, after: [0, 1, 2, 3, 0, 1]) == [1, 1, -1, 1, 1, 1])
    #expect(applied(filter, to: logits, after: [4, 0, 1, 2, 3, 4, 0, 1]) == [1, 1, -2, 1, 1, 1])
    #expect(applied(filter, to: logits, after: [4, 5, 1, 2, 3, 4, 5, 1]) == logits)
    #expect(applied(filter, to: logits, after: [0, 1, 5, 0, 1]) == logits, "what follows is a breaker")
    // The longest of several repetitions counts: 0 1 → 2 of length 2, 4 0 1 → 3 of length 3.
    #expect(
      applied(filter, to: logits, after: [0, 1, 2, 4, 0, 1, 3, 4, 0, 1]) == [1, 1, -1, -2, 1, 1])
    #expect(applied(filter, to: logits, after: [TokenID](repeating: 0, count: 9000))[0] < -1e6)
  }

  @Test("a repetition is found over the whole window, and forgotten beyond it", arguments: [1000, 2000, 2100, 5000])
  func dryWindow(_ distance: Int) {
    let filler: [TokenID] = (0..<distance).map { (index: Int) in TokenID(10 + index % 7 * (index % 3) + index % 5) }
    let filter = DontRepeatYourself(1, length: 3)
    let logits = applied(filter, to: [Float](repeating: 0, count: 60), after: [1, 2, 3, 4] + filler + [1, 2, 3])
    #expect((logits[4] < 0) == (distance <= 2000))
  }

  @Test("mirostat keeps the surprise near its target", arguments: [Float(0.5), 1, 1.5])
  func mirostat(_ target: Float) {
    // Probabilities 1/2, 1/4, … 2^−16, whose surprises are 1, 2, … 16 bits: 2 bits on average without a filter.
    let logits = (1...16).map { -Float($0) * 0.693_147_2 }
    var filter = Mirostat(target: target)
    var sampler = TokenSampler([], vocabularyCount: 16)
    var random = SeededGenerator(seed: 1)
    var bits = 0.0
    for _ in 0..<4000 {
      var left = logits
      var span = left.mutableSpan
      filter.apply(to: &span)
      let token = sampler.draw(from: left.span, using: &random)
      let sum = left.reduce(0) { $0 + exponential($1) }
      bits -= log2(Double(exponential(left[Int(token)]) / sum))
      filter.note(token)
    }
    #expect(abs(bits / 4000 - Double(target)) < 0.02, "\(bits / 4000)")
  }

  @Test("mirostat: the limit follows the surprise of each draw, and nothing that is only read")
  func mirostatLimit() {
    var filter = Mirostat(target: 1, rate: 0.5)
    let logits = [0.5, 0.25, 0.25].map { Float(logarithm($0)) }
    filter.note(2)
    #expect(filter.limit == 2)
    var changed = logits
    var span = changed.mutableSpan
    filter.apply(to: &span)
    #expect(changed == logits, "no token is above two bits")
    filter.note(1)
    #expect(abs(filter.limit - 1.5) < 1e-5)
    filter.note(1)
    #expect(abs(filter.limit - 1.5) < 1e-5)
    span = changed.mutableSpan
    filter.apply(to: &span)
    #expect(changed == [logits[0], Self.left, Self.left])
    filter.note(0)
    #expect(abs(filter.limit - 2) < 1e-5)
  }

  @Test("sets of characters: what may be drawn, what may not, and what is made likelier")
  func sets() throws {
    let letters = ["a", "b", "é", "c\u{0301}", "7", " ", "ab"].map { Token($0) }
    let vocabulary = try Vocabulary(
      tokens: [.special(.document), .special(.unknown)] + letters + [.text([0xC3])])
    let tokenizer = Tokenizer(vocabulary: vocabulary, settings: TextSettings())
    func kept(_ change: (inout SamplingSettings) throws -> Void) rethrows -> Set<String> {
      var settings = SamplingSettings()
      try change(&settings)
      let excluded = settings.excludedTokens(of: vocabulary)
      let ids = (0..<TokenID(vocabulary.count)).filter { !excluded.contains($0) }
      return Set(
        ids.map { $0 == vocabulary.documentID ? "end" : String(decoding: vocabulary.bytes(of: $0), as: UTF8.self) })
    }
    #expect(kept { _ in } == ["end", "a", "b", "é", "c\u{0301}", "7", " ", "ab", "\u{FFFD}"])
    #expect(try kept { $0.allowed = try UnicodeSet("[a-z]") } == ["end", "a", "b", "ab"])
    #expect(try kept { $0.allowed = try UnicodeSet("[\\p{L}\\p{M}]") } == ["end", "a", "b", "é", "c\u{0301}", "ab"])
    #expect(try kept { $0.forbidden = try UnicodeSet("[b7]") } == ["end", "a", "é", "c\u{0301}", " ", "\u{FFFD}"])
    var settings = SamplingSettings(temperature: 1)
    settings.biases = [.init(-2, to: try UnicodeSet("[ab]")), .init(0.5, to: try UnicodeSet("[a]"))]
    var logits = [Float](repeating: 0, count: vocabulary.count)
    for var filter in settings.filters(for: tokenizer) {
      if let bias = filter as? LogitBias {
        #expect(bias.biases.count == 3)
      } else if !(filter is ForbiddenTokens) {
        continue
      }
      var span = logits.mutableSpan
      filter.apply(to: &span)
    }
    let value = { (text: String) in vocabulary.id(of: text).map { logits[Int($0)] } ?? .nan }
    #expect((value("a"), value("b"), value("ab"), value("é")) == (-1.5, -2, -2, 0))
  }

  @Test("the filters come in the order that is asked for, and those that are left out do not come")
  func order() throws {
    let vocabulary = try Vocabulary(tokens: "abc".map { Token(String($0)) })
    let tokenizer = Tokenizer(vocabulary: vocabulary, settings: TextSettings())
    var settings = SamplingSettings(temperature: 0.5, topK: 2, topP: 0.9, minP: 0.1, repeatPenalty: 2)
    (settings.typicalP, settings.topNSigma, settings.mirostat, settings.dry) = (0.9, 1, 2, 1)
    func names() -> [String] { settings.filters(for: tokenizer).map { "\(type(of: $0))" } }
    #expect(
      names() == [
        "ForbiddenTokens", "RepeatPenalty", "DontRepeatYourself", "TopNSigma", "Temperature", "TypicalP", "MinP",
        "TopK",
        "TopP", "Mirostat",
      ])
    settings.order = [.topP, .temperature, .mirostat]
    #expect(names() == ["ForbiddenTokens", "TopP", "Temperature", "Mirostat"])
  }

  @Test("what a vocabulary of bytes begins, it ends")
  func wholeScalars() throws {
    let tokens = [UInt8(0x61), 0xC3, 0xA9].map { Token.text([$0]) }
    let tokenizer = Tokenizer(vocabulary: try Vocabulary(tokens: tokens), settings: TextSettings(unit: .byte))
    let filter = try #require(WholeScalars(for: tokenizer))
    let ids = (0..<TokenID(3)).map { tokenizer.vocabulary.bytes(of: $0).first }
    let letter = try #require(ids.firstIndex(of: 0x61))
    let (lead, tail) = (try #require(ids.firstIndex(of: 0xC3)), try #require(ids.firstIndex(of: 0xA9)))
    let logits = applied(filter, to: [1, 2, 3])
    #expect(logits[tail] == Self.left && logits[letter].isFinite)
    let after = applied(filter, to: [1, 2, 3], after: [TokenID(lead)])
    #expect(after.filter(\.isFinite).count == 1 && after[tail].isFinite)
    let kept = Tokenizer(vocabulary: tokenizer.vocabulary, settings: TextSettings(unit: .byte, invalid: .byte))
    #expect(WholeScalars(for: kept) == nil)
  }

  /// Settings that differ in which limits they have.
  private static let settings: [SamplingSettings] = [
    SamplingSettings(), SamplingSettings(temperature: 0), SamplingSettings(temperature: 1.3, topK: 7),
    SamplingSettings(temperature: 1, topP: 0.9), SamplingSettings(temperature: 0.7, minP: 0.05),
    SamplingSettings(temperature: 1, topK: 1), SamplingSettings(temperature: 2, repeatPenalty: 1.4),
    SamplingSettings(temperature: 1.1, topK: 12, topP: 0.8, minP: 0.01, repeatPenalty: 0.8),
  ]

  @Test("the usual filters draw the same tokens in one pass as one after the other", arguments: settings)
  func fused(_ settings: SamplingSettings) throws {
    let letters = (0..<60).compactMap { Unicode.Scalar(0x61 + $0).map { Token(String($0)) } }
    let vocabulary = try Vocabulary(tokens: [.special(.document), .special(.unknown)] + letters)
    let filters = settings.filters(for: Tokenizer(vocabulary: vocabulary, settings: TextSettings()))
    #expect(FusedFilters(filters) != nil)
    var fast = TokenSampler(filters, vocabularyCount: vocabulary.count)
    var slow = TokenSampler(filters, vocabularyCount: vocabulary.count, isFused: false)
    var (random, randomOfSlow, values) = (
      SeededGenerator(seed: 1), SeededGenerator(seed: 1), SeededGenerator(seed: 2)
    )
    for draw in 0..<3000 {
      let logits = (0..<vocabulary.count).map { _ in 8 * values.uniform() - 4 }
      let token = fast.draw(from: logits.span, using: &random)
      #expect(token == slow.draw(from: logits.span, using: &randomOfSlow), "draw \(draw)")
      fast.note(token)
      slow.note(token)
    }
  }

  @Test("filters in another order, twice, or of one's own are applied one after the other")
  func others() throws {
    struct OnlyToken3: SamplingFilter {
      func apply(to logits: inout MutableSpan<Float>) {
        for token in logits.indices where token != 3 { logits[token] = -.infinity }
      }
    }
    #expect(FusedFilters([TopK(2), Temperature(1)]) == nil)
    #expect(FusedFilters([TopK(2), TopK(3)]) == nil)
    #expect(FusedFilters([Temperature(1), OnlyToken3()]) == nil)
    #expect(FusedFilters([]) != nil)
    let model = try TestModel.language(.gru)
    var generator = Generator(model, filters: [Temperature(2), OnlyToken3()], randomSeed: 1)
    generator.read(4)
    #expect((0..<10).map { _ in generator.next() } == [TokenID](repeating: 3, count: 10))
    // After top-p of the unchanged probabilities, a high temperature makes what is left even.
    var sampler = TokenSampler([TopP(0.9), Temperature(1000)], vocabularyCount: 5)
    var random = SeededGenerator(seed: 6)
    let logits: [Float] = [1, 3, -2, 0, 3.5]
    var counts = [0, 0, 0, 0, 0]
    for _ in 0..<4000 { counts[Int(sampler.draw(from: logits.span, using: &random))] += 1 }
    #expect(counts[0] + counts[2] + counts[3] == 0)
    #expect(abs(counts[1] - 2000) < 160)
    sampler.note(1)
  }

  @Test(
    "logits that are not finite give some token, and no trap",
    arguments: [
      [.nan, .nan, .nan, .nan], [.infinity, .infinity, 0, 0], [-.infinity, -.infinity, -.infinity, -.infinity],
      [1, .nan, 0, 2],
    ] as [[Float]])
  func noNumbers(_ logits: [Float]) {
    let filters: [[any SamplingFilter]] = [
      [TopK(2)], [TopP(0.5)], [Temperature(0.5), TopK(3), TopP(0.9)], [DynamicTemperature(0.01...2), TopK(2)],
      [TypicalP(0.5), MinP(0.1), TopK(2)], [TopNSigma(1), Mirostat(target: 2)],
    ]
    for filters in filters {
      for isFused in [true, false] {
        var (sampler, random) = (TokenSampler(filters, vocabularyCount: 4, isFused: isFused), SeededGenerator(seed: 1))
        #expect(0..<4 ~= sampler.draw(from: logits.span, using: &random))
        #expect(sampler.draw(from: logits.span, leavingOut: [true, true, true, true], using: &random) == nil)
      }
    }
  }

  @Test("an unlikely token whose probability is nothing has no part in the entropy")
  func denormals() {
    // e^−100 of the likeliest, and a sum of four that are equally likely.
    let logits: [Float] = [0, 0, 0, 0, -100]
    #expect(applied(DynamicTemperature(0.5...2), to: logits).allSatisfy { !$0.isNaN })
    var copy = logits
    #expect(abs(Distribution(copy.mutableSpan).entropy - Float(log(4.0))) < 1e-5)
  }

  @Test("a temperature that is lower than its range is the least one")
  func lowDynamicTemperature() throws {
    let vocabulary = try Vocabulary(tokens: [Token("a"), Token("b")])
    let tokenizer = Tokenizer(vocabulary: vocabulary, settings: TextSettings())
    for temperature: Float in [0, 0.001] {
      var settings = SamplingSettings(temperature: temperature)
      settings.temperatureRange = temperature
      let filters = settings.filters(for: tokenizer).compactMap { $0 as? DynamicTemperature }
      #expect(filters.map(\.range) == [0.01...0.01])
    }
  }

  @Test(
    "a bias is a set and a value whose sums are numbers",
    arguments: [
      ("[q]=-5", -5), ("[a=]=1e6", 1e6), ("[q]=1e7", nil), ("[q]=nan", nil), ("[q]", nil), ("q=1", nil), ("=1", nil),
    ]
      as [(String, Float?)])
  func bias(_ text: String, _ value: Float?) { #expect(SamplingSettings.Bias(text)?.value == value) }
}
