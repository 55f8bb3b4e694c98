/// Finds what of a text stands word for word in a corpus, which only flows by.
///
///     var search = NoveltySearch([sample, heldOut])
///     while let piece = … { search.read(piece, source: 0) }
///     let found = search.finish()          // one for each text
///
/// - Complexity: O(texts + corpus); memory for the texts, about 150 bytes a byte, and none for the corpus.
public struct NoveltySearch {
  private let texts: [[UInt8]]
  private let automaton: SuffixAutomaton
  private var place = SuffixAutomaton.Place()
  /// The longest substring of each state that the corpus has, and where it was first found.
  private var found: [Int32]
  private var origins: [Origin]
  /// Counts from 1, and stops at `Int32.max`.
  private var line: Int32 = 1
  private var source: Int32 = -1

  private struct Origin {
    var source: Int32 = -1
    var line: Int32 = 0
  }

  /// Stands between texts; no UTF-8 has it.
  private static let separator: UInt8 = 0xFF

  /// A search for texts in UTF-8.
  public init(_ texts: [[UInt8]]) {
    self.texts = texts
    automaton = SuffixAutomaton(texts.map { $0 + [NoveltySearch.separator] }.joined())
    found = Array(repeating: 0, count: automaton.stateCount)
    origins = Array(repeating: Origin(), count: automaton.stateCount)
  }

  /// Reads a piece of the corpus.
  /// - Parameter source: the number of its file; no run reaches from one to the next.
  public mutating func read(_ utf8: some Sequence<UInt8>, source: Int) {
    if Int32(source) != self.source { (place, line, self.source) = (.init(), 1, Int32(source)) }
    for byte in utf8 {
      if byte == NoveltySearch.separator {
        place = .init()
        continue
      }
      automaton.step(&place, byte)
      if found[place.state] < place.length {
        found[place.state] = Int32(place.length)
        origins[place.state] = Origin(source: self.source, line: line)
      }
      if byte == UInt8(ascii: "\n") { line = max(line, line &+ 1) }
    }
  }

  /// What was found of each text.
  public consuming func finish() -> [Novelty] {
    // What was found of a state was found, in its shorter substrings, of those that it links to.
    var order = Array(0..<automaton.stateCount)
    order.sort { automaton.lengths[$0] > automaton.lengths[$1] }
    for state in order where found[state] > 0 {
      let link = Int(automaton.links[state])
      guard link >= 0, found[link] < automaton.lengths[link] else { continue }
      found[link] = automaton.lengths[link]
      origins[link] = origins[state]
    }
    // Of each state, the one whose substring is the longest of its own that was found; the shorter ones come first.
    var nearest = Array(repeating: Int32(0), count: automaton.stateCount)
    for state in order.reversed() where state > 0 {
      nearest[state] = found[state] > 0 ? Int32(state) : nearest[Int(automaton.links[state])]
    }
    var start = 0
    return texts.map { text in
      defer { start += text.count + 1 }
      var runs: [Novelty.Run] = []
      for offset in text.indices {
        // The state whose substring, the longest that was found, ends here.
        let state = Int(nearest[Int(automaton.prefixStates[start + offset])])
        guard state > 0 else { continue }
        let run = offset + 1 - Int(found[state])..<offset + 1
        let place = Novelty.Run(
          range: run, source: Int(origins[state].source), endLine: Int(origins[state].line))
        // It goes on where it begins at the same byte.
        if let last = runs.last, last.range.lowerBound >= run.lowerBound { runs.removeLast() }
        runs.append(place)
      }
      return Novelty(text, runs)
    }
  }
}
