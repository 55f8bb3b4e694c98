import CharLMText
import RecurrentNN
import Testing

@testable import CharLM

@Suite("Sampling filters") struct SamplingFilterTests {
  private static let left = -Float.infinity

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
}
