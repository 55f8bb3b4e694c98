import CharLMText
import Foundation
import RecurrentNN
import TestSupport
import Testing

@testable import CharLM

/// Samples that are held to a regular expression or a grammar.
@Suite struct ConstrainedTextTests {
  /// Bigrams over a document token, an unknown token, letters and a space.
  private func bigrams(_ letters: String = "abc ") throws -> Bigrams {
    let vocabulary = try Vocabulary(
      tokens: [.special(.document), .special(.unknown)] + letters.map { Token(String($0)) })
    var random = SeededGenerator(seed: 5)
    let count = vocabulary.count
    let logits = (0..<count).map { _ in (0..<count).map { _ in 2 * random.uniform() } }
    return Bigrams(tokenizer: Tokenizer(vocabulary: vocabulary, settings: TextSettings()), logits: logits)
  }

  private let plain = SamplingSettings(temperature: 1)

  private func matching(_ pattern: String) throws -> ExpressionConstraint {
    try ExpressionConstraint(TextExpression(pattern))
  }

  private func grammar(_ text: String) throws -> GrammarConstraint { try GrammarConstraint(Grammar(text)) }

  @Test(
    "every text matches as a whole",
    arguments: ["[ab]{3,6}", "(a|bc)+", "a*b", "c(a b){2}", "\\w{4} \\w", "(?=.*c)[abc]{5}", "abc"])
  func matches(_ pattern: String) throws {
    let texts = ConstrainedText(try bigrams(), try matching(pattern), length: 40, sampling: plain)
    for seed in 0..<30 {
      let sample = try #require(try texts.sample(randomSeed: UInt64(seed)))
      let range = sample.text.range(of: "^(?:" + pattern + ")$", options: .regularExpression)
      #expect(range != nil, "'\(sample.text)'")
      #expect(sample.tokenCount == sample.text.count && sample.tokenCount <= 40)
    }
  }

  @Test("tokens are drawn by the predictor's probabilities among those that may follow")
  func probabilities() throws {
    let bigrams = try bigrams()
    let texts = ConstrainedText(bigrams, try matching("[ac]"), length: 5, sampling: plain)
    let samples = try (0..<3000).compactMap { try texts.sample(randomSeed: UInt64($0)) }
    let row = bigrams.logits[0].map { exp(Double($0)) }
    let expected = row[2] / (row[2] + row[4])
    let share = Double(samples.count { $0.text == "a" }) / 3000
    #expect(samples.count == 3000)
    #expect(abs(share - expected) < 4 * (expected * (1 - expected) / 3000).squareRoot())
  }

  @Test("where nothing can follow, tokens are taken back")
  func retreat() throws {
    // After 'ab' the vocabulary has no 'd', so that only 'ac' leads on: a grammar knows, ICU finds out.
    for pattern in ["a(bd|c{2})", "(?=a)a(bd|c{2})", "(?=a)a(b{40}d|c{2})"] {
      let texts = ConstrainedText(try bigrams(), try matching(pattern), length: 50, sampling: plain)
      for seed in 0..<20 { #expect(try texts.sample(randomSeed: UInt64(seed))?.text == "acc") }
    }
    // A length that ends in the middle is no match either.
    let short = ConstrainedText(try bigrams(), try matching("(abc){3}|ab"), length: 5, sampling: plain)
    for seed in 0..<20 { #expect(try short.sample(randomSeed: UInt64(seed))?.text == "ab") }
  }

  @Test("what cannot match gives nothing", arguments: ["a{9}", "(?!)", "(?=d)d"])
  func nothing(_ pattern: String) throws {
    let texts = ConstrainedText(try bigrams(), try matching(pattern), length: 8, sampling: plain)
    #expect(try texts.sample(randomSeed: 1) == nil)
  }

  @Test("the seed comes first and need not match; the same random seed gives the same text, with any filters")
  func seeds() throws {
    let bigrams = try bigrams()
    let settings = SamplingSettings(temperature: 0.7, topK: 1)
    let texts = ConstrainedText(
      bigrams, try matching("[bc]{4}"), seed: try SampleSeed("aaa ", for: bigrams), length: 10, sampling: settings
    )
    let text = try #require(try texts.sample(randomSeed: 3)).text
    #expect(text.hasPrefix("aaa ") && text.count == 8)
    #expect(try texts.sample(randomSeed: 3)?.text == text)
  }

  @Test("scalars of several tokens are whole")
  func bytes() throws {
    let tokens = [UInt8(0x61), 0xC3, 0xA9, 0xA8, 0xE2, 0x82, 0xAC].map { Token.text([$0]) }
    let tokenizer = Tokenizer(vocabulary: try Vocabulary(tokens: tokens), settings: TextSettings(unit: .byte))
    let predictor = Bigrams(tokenizer: tokenizer, logits: (0..<7).map { _ in [Float](repeating: 0, count: 7) })
    let texts = ConstrainedText(predictor, try matching("[aé€]{4}"), length: 20, sampling: plain)
    var seen: Set<Character> = []
    for seed in 0..<40 {
      let text = try #require(try texts.sample(randomSeed: UInt64(seed))).text
      #expect(text.count == 4 && text.allSatisfy { "aé€".contains($0) })
      seen.formUnion(text)
    }
    #expect(seen == ["a", "é", "€"])
  }

  @Test("the first bytes of scalars that may not follow are not drawn", arguments: ["[é€]{4}", "é{4}|€a"])
  func leadBytes(_ pattern: String) throws {
    let bytes = [UInt8(0x61), 0xC3, 0xA9, 0xA8, 0xE2, 0x82, 0xAC, 0xD0, 0xE0, 0xF0]
    let tokenizer = Tokenizer(
      vocabulary: try Vocabulary(tokens: bytes.map { .text([$0]) }), settings: TextSettings(unit: .byte))
    let tokens = try ConstrainedTokens(try matching(pattern), for: tokenizer, excluding: [])
    func allowed(_ state: ConstrainedTokens.State) throws -> [UInt8] {
      try bytes.indices.filter { try tokens.allows(TokenID($0), state, within: 10) }.map { bytes[$0] }
    }
    #expect(try allowed(tokens.start) == [0xC3, 0xE2])
    let e = try #require(try tokens.state(after: 1, tokens.start, within: 10))
    #expect(try allowed(e) == [0xA9])
    let euro = try #require(try tokens.state(after: 4, tokens.start, within: 10))
    #expect(try allowed(euro) == [0x82])
    #expect(try tokens.refusals(tokens.start, within: 10)?.filter { !$0 }.count == 2)
  }

  @Test("the scalars that begin with some bytes are those that have them")
  func beginnings() {
    var bounds: [[UInt8]: ClosedRange<UInt32>] = [:]
    for value in [0x80...0x10FF, 0xD000...0xD7FF, 0xE000...0x11000, 0x3F000...0x40FFF, 0x10F000...0x10FFFF].joined() {
      guard let scalar = Unicode.Scalar(value) else { continue }
      let utf8 = Array(String(scalar).utf8)
      for count in 1..<utf8.count {
        let range = ScalarCutter.range(beginningWith: Array(utf8[..<count]))
        #expect(range.contains(scalar.value), "\(scalar)")
        if count == utf8.count - 1 { bounds[Array(utf8[..<count])] = range }
      }
    }
    // All but the last byte: 64 scalars.
    #expect(bounds.values.allSatisfy { $0.count == 64 })
    #expect(ScalarCutter.range(beginningWith: [0xE0]) == 0x800...0xFFF)
    #expect(ScalarCutter.range(beginningWith: [0xF0]) == 0x10000...0x3FFFF)
    #expect(ScalarCutter.range(beginningWith: [0xF4]) == 0x100000...0x10FFFF)
  }

  // MARK: Grammars

  /// Tokens for JSON: its signs, a few letters and digits, and tokens of several characters.
  private func jsonTokens() throws -> Bigrams {
    let pieces =
      "{}[]\":, \n\\-+.0123456789abcdefu".map { String($0) } + [
        "\":", "true", "null", "fal", "se", "}}", "é", "\u{301}",
      ]
    return try random(pieces.map { Token($0) }, unit: .grapheme)
  }

  private func random(_ tokens: [Token], unit: TextUnit) throws -> Bigrams {
    let vocabulary = try Vocabulary(tokens: [.special(.document), .special(.unknown)] + tokens)
    var numbers = SeededGenerator(seed: 8)
    let logits = (0..<vocabulary.count).map { _ in (0..<vocabulary.count).map { _ in 2 * numbers.uniform() } }
    return Bigrams(tokenizer: Tokenizer(vocabulary: vocabulary, settings: TextSettings(unit: unit)), logits: logits)
  }

  @Test("JSON is JSON, and closed within any length", arguments: [2, 3, 7, 40, 200])
  func json(_ length: Int) throws {
    let texts = ConstrainedText(try jsonTokens(), try grammar(Grammar.json), length: length, sampling: plain)
    var seen: Set<String> = []
    for seed in 0..<40 {
      let sample = try #require(try texts.sample(randomSeed: UInt64(seed)))
      #expect(sample.tokenCount <= length)
      #expect(throws: Never.self, "\(sample.text)") {
        try JSONSerialization.jsonObject(with: Data(sample.text.utf8))
      }
      seen.insert(sample.text)
    }
    if length > 3 { #expect(seen.count > 10) }
  }

  @Test("tokens that are bytes, and words, keep to a grammar as characters do", arguments: [TextUnit.byte, .word])
  func units(_ unit: TextUnit) throws {
    let bytes = "ab€é, ".utf8.map { Token.text([$0]) }
    let words = ["a", "b", "€€", "é,", " ", "ab", ", ", "€", "a b"].map { Token($0) }
    let predictor = try random(unit == .byte ? bytes : words, unit: unit)
    let texts = ConstrainedText(
      predictor, try grammar("root ::= item (\", \" item){2,4}\nitem ::= [ab]{1,2} | \"€\"+ | \"é\""), length: 40,
      sampling: plain)
    for seed in 0..<40 {
      let text = try #require(try texts.sample(randomSeed: UInt64(seed))).text
      let isAllowed = text.wholeMatch(of: try Regex("([ab]{1,2}|€+|é)(, ([ab]{1,2}|€+|é)){2,4}")) != nil
      #expect(isAllowed, "'\(text)'")
    }
  }

  @Test(
    "texts come as often as the predictor's probabilities say, among those that may follow", arguments: [false, true])
  func distribution(_ isGrammar: Bool) throws {
    let bigrams = try bigrams()
    let constraint: any TextConstraint =
      try isGrammar ? grammar("root ::= \"a\" [bc] \"a\" | \"b\" \"a\"{1,2}") : matching("a[bc]a|ba{1,2}")
    let texts = ConstrainedText(bigrams, constraint, length: 5, sampling: plain)
    let count = 6000
    var counts: [String: Int] = [:]
    for seed in 0..<count { counts[try #require(try texts.sample(randomSeed: UInt64(seed))).text, default: 0] += 1 }
    // After each token, the share of one that may follow among all that may.
    func share(_ token: Int, after last: Int, of allowed: [Int]) -> Double {
      let weight = { (token: Int) in exp(Double(bigrams.logits[last][token])) }
      return weight(token) / allowed.map(weight).reduce(0, +)
    }
    let (document, a, b, c) = (0, 2, 3, 4)
    let all = Array(0..<6).filter { $0 != 1 }
    let startsWithA = share(a, after: document, of: [a, b])
    // After "ba" one more a may follow; all else ends the text.
    let again = share(a, after: a, of: all)
    let (afterAB, afterAC) = (share(b, after: a, of: [b, c]), share(c, after: a, of: [b, c]))
    let names = ["aba", "aca", "baa", "ba"]
    let expected: [Double] = [
      startsWithA * afterAB, startsWithA * afterAC, (1 - startsWithA) * again, (1 - startsWithA) * (1 - again),
    ]
    #expect(Set(counts.keys) == Set(names))
    #expect(ChiSquare(names.map { counts[$0] ?? 0 }, expected).isLikely, "\(counts), \(expected)")
  }

  @Test("where the likely tokens may not follow, the others are found, in a vocabulary of any size")
  func unlikely() throws {
    let tokens =
      (0..<3000).compactMap { Unicode.Scalar(0x4E00 + $0).map { Token(String($0)) } } + [Token("a"), Token("b")]
    let vocabulary = try Vocabulary(tokens: tokens)
    let tokenizer = Tokenizer(vocabulary: vocabulary, settings: TextSettings())
    let logits = (0..<vocabulary.count).map { -Float($0) / 100 }
    let texts = ConstrainedText(
      Unigram(tokenizer: tokenizer, logits: logits), try grammar("root ::= [ab]{50}"), length: 60, sampling: plain)
    let text = try #require(try texts.sample(randomSeed: 1)).text
    #expect(text.count == 50 && Set(text) == ["a", "b"])
  }

  @Test("a text of any length needs no more memory of its places, and is the same")
  func long() throws {
    let texts = ConstrainedText(try bigrams(), try grammar("root ::= ([abc]+ \" \")+"), length: 3000, sampling: plain)
    let sample = try #require(try texts.sample(randomSeed: 2))
    #expect(sample.text.hasSuffix(" ") && sample.text.count == sample.tokenCount)
    #expect(try texts.sample(randomSeed: 2) == sample)
  }

  @Test("what takes too long is an error")
  func tooLong() throws {
    let texts = ConstrainedText(try bigrams("a"), try matching("(?=a)(a+)+b"), length: 60, sampling: plain)
    #expect(throws: ConstraintError.self) { try texts.sample(randomSeed: 1) }
  }
}
