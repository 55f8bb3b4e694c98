/// How many scalars the parts of a grammar have at least.
struct GrammarLengths {
  /// Of the shortest text of each rule; `Grammar.endless` where there is none.
  private(set) var ofRules: [Int]
  /// From each position to the end of its alternative.
  private(set) var ofPositions: [Int]
  private let sets: [ScalarRanges]

  /// - Parameter sets: a symbol whose set is empty has no text.
  init(_ symbols: [Grammar.Symbol], _ alternatives: [[Int]], _ sets: [ScalarRanges]) {
    self.sets = sets
    ofRules = [Int](repeating: Grammar.endless, count: alternatives.count)
    ofPositions = [Int](repeating: 0, count: symbols.count)
    findRules(symbols, alternatives)
    for position in symbols.indices.reversed() where symbols[position] != .end {
      ofPositions[position] = min(ofPositions[position + 1] + ofSymbol(symbols[position]), Grammar.endless)
    }
  }

  /// Of a symbol's shortest text.
  func ofSymbol(_ symbol: Grammar.Symbol) -> Int {
    switch symbol {
    case .scalars(let set): sets[set].isEmpty ? Grammar.endless : 1
    case .rule(let rule): ofRules[rule]
    case .end: 0
    }
  }

  /// A shorter text of a rule may come to light as long as that of a rule in it does.
  private mutating func findRules(_ symbols: [Grammar.Symbol], _ alternatives: [[Int]]) {
    func forEachSymbol(from start: Int, _ body: (Grammar.Symbol) -> Void) {
      var position = start
      while symbols[position] != .end {
        body(symbols[position])
        position += 1
      }
    }
    var users = [Set<Int>](repeating: [], count: alternatives.count)
    for (rule, starts) in alternatives.enumerated() {
      for start in starts { forEachSymbol(from: start) { if case .rule(let part) = $0 { users[part].insert(rule) } } }
    }
    var waiting = Array(alternatives.indices)
    var isWaiting = [Bool](repeating: true, count: alternatives.count)
    var first = 0
    while first < waiting.count {
      let rule = waiting[first]
      first += 1
      isWaiting[rule] = false
      let lengths = alternatives[rule].map { start in
        var sum = 0
        forEachSymbol(from: start) { sum = min(sum + ofSymbol($0), Grammar.endless) }
        return sum
      }
      guard let length = lengths.min(), length < ofRules[rule] else { continue }
      ofRules[rule] = length
      for user in users[rule] where !isWaiting[user] {
        isWaiting[user] = true
        waiting.append(user)
      }
    }
  }
}
