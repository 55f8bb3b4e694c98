import RecurrentNN
import Testing

@testable import CharLM

@Suite("What a text has in common with a corpus") struct NoveltyTests {
  /// Letters of a small alphabet, so that there are repetitions of all lengths.
  private func letters(_ count: Int, of alphabet: [String], seed: UInt64) -> String {
    var random = SeededGenerator(seed: seed)
    return (0..<count).map { _ in alphabet[Int.random(in: 0..<alphabet.count, using: &random)] }.joined()
  }

  private func search(_ texts: [String], in corpus: [String], pieceSize: Int = 7) -> [Novelty] {
    var search = NoveltySearch(texts.map { Array($0.utf8) })
    for (source, text) in corpus.enumerated() {
      let utf8 = Array(text.utf8)
      for start in stride(from: 0, to: utf8.count, by: pieceSize) {
        search.read(utf8[start..<min(start + pieceSize, utf8.count)], source: source)
      }
    }
    return search.finish()
  }

  /// By the definition: for each end the longest substring that one of the corpus's texts has.
  private func longestEndings(_ text: String, _ corpus: [String]) -> [Int] {
    let utf8 = Array(text.utf8)
    let sources = corpus.map { Array($0.utf8) }
    return utf8.indices.map { end in
      var best = 0
      for source in sources {
        for place in source.indices {
          var length = 0
          while length <= end, length <= place, source[place - length] == utf8[end - length] { length += 1 }
          best = max(best, length)
        }
      }
      return best
    }
  }

  @Test("runs are those of a search letter by letter", arguments: 1...6)
  func agreement(_ seed: Int) {
    let alphabet = seed % 2 == 0 ? ["a", "b"] : ["a", "b", "c", "d"]
    let text = letters(120, of: alphabet, seed: UInt64(seed))
    let corpus = [
      letters(90, of: alphabet, seed: UInt64(seed) + 100), letters(70, of: alphabet, seed: UInt64(seed) + 200),
    ]
    let endings = longestEndings(text, corpus)
    let found = search([text], in: corpus)[0]
    var expected: [Range<Int>] = []
    for (end, length) in endings.enumerated() where length > 0 {
      let goesOn = end + 1 < endings.count && endings[end + 1] == length + 1
      if !goesOn { expected.append(end + 1 - length..<end + 1) }
    }
    #expect(found.runs.map(\.range) == expected)
    for length in [1, 3, 5, 8] {
      var covered = Set<Int>()
      for run in expected where run.count >= length { covered.formUnion(run) }
      #expect(abs(found.share(inRunsOf: length) - Double(covered.count) / 120) < 1e-12, "length \(length)")
    }
    let longest = found.longest(1)
    #expect(longest.first?.length == endings.max())
  }

  @Test("a passage is found with its place in the corpus, and nothing reaches from file to file")
  func places() throws {
    let found = search(["xx the quick brown fox yy"], in: ["one\ntwo the qu", "ick\nthe quick brown\n\nfox"])[0]
    let longest = found.longest(2)
    #expect(longest[0].length == 15 && longest[0].run.range == 3..<18)
    #expect(longest[0].run.source == 1 && longest[0].run.endLine == 2)
    #expect(!longest[1].run.range.overlaps(longest[0].run.range))
  }

  @Test("several texts are told apart, runs are whole scalars, and an empty text has none")
  func several() {
    let found = search(["漢字", "", "abc"], in: ["漢和 abcabc"], pieceSize: 2)
    #expect(found.count == 3)
    #expect(found[0].runs.map(\.range) == [0..<3] && found[0].scalarCount == 2)
    #expect(found[0].share(inRunsOf: 1) == 0.5)
    #expect(found[1].runs.isEmpty && found[1].share(inRunsOf: 1) == 0)
    #expect(found[2].share(inRunsOf: 3) == 1 && found[2].longest(3).count == 1)
    #expect(search(["abc"], in: [])[0].runs.isEmpty)
  }

  @Test("the automaton has at most two states a byte, whatever the bytes")
  func size() {
    let all: [UInt8] = (0..<3000).map { UInt8(truncatingIfNeeded: $0 &* 7) }
    for text in [all, Array(repeating: 0x61, count: 2000), Array("abbb".utf8)] {
      let automaton = SuffixAutomaton(text)
      #expect(automaton.stateCount <= 2 * text.count)
      var place = SuffixAutomaton.Place()
      for byte in text { automaton.step(&place, byte) }
      #expect(place.length == text.count)
    }
  }
}
