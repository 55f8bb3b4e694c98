/// Makes the list of symbols of a grammar from its rules, and checks that a text can be followed through it.
struct GrammarBuilder {
  private let parser: GrammarParser
  private var symbols: [Grammar.Symbol] = []
  private var sets: [ScalarRanges] = []
  private var setNumbers: [ScalarRanges: Int] = [:]
  private var alternatives: [[Int]] = []
  /// For each rule, the named one that it is a part of, by its place in `rules`.
  private var owners: [Int] = []
  private var rules: [GrammarRule] = []
  private var numbers: [String: Int] = [:]

  /// - Parameter parser: knows the places of errors.
  init(_ parser: GrammarParser) { self.parser = parser }

  /// Adds all rules.
  mutating func add(_ rules: [GrammarRule]) throws(GrammarError) {
    self.rules = rules
    for (number, rule) in rules.enumerated() {
      guard numbers.updateValue(number, forKey: rule.name) == nil else {
        throw parser.error(.definedTwice(rule: rule.name), at: rule.position, isOfRule: true)
      }
      alternatives.append([])
      owners.append(number)
    }
    for (number, rule) in rules.enumerated() { try define(number, as: rule.body, owner: number) }
  }

  // MARK: Symbols

  /// Writes the alternatives of a rule.
  private mutating func define(_ rule: Int, as node: GrammarNode, owner: Int) throws(GrammarError) {
    var bodies: [GrammarNode] = [node]
    if case .alternatives(let several) = node { bodies = several }
    for body in bodies { try define(rule, try flattened(body, owner)) }
  }

  private mutating func define(_ rule: Int, _ body: [Grammar.Symbol]) throws(GrammarError) {
    alternatives[rule].append(symbols.count)
    symbols += body + [.end]
    try checkSize(symbols.count, owners[rule])
  }

  private func checkSize(_ count: Int, _ owner: Int) throws(GrammarError) {
    guard count > GrammarLimits.symbolCount else { return }
    throw parser.error(.size(limit: GrammarLimits.symbolCount), at: rules[owner].position, isOfRule: true)
  }

  private mutating func newRule(_ owner: Int) -> Int {
    alternatives.append([])
    owners.append(owner)
    return alternatives.count - 1
  }

  private mutating func flattened(_ node: GrammarNode, _ owner: Int) throws(GrammarError) -> [Grammar.Symbol] {
    switch node {
    case .scalars(let set): return [.scalars(number(of: set))]
    case .rule(let name, let position):
      guard let number = numbers[name] else { throw parser.error(.undefined(rule: name), at: position) }
      return [.rule(number)]
    case .sequence(let items):
      var body: [Grammar.Symbol] = []
      for item in items {
        body += try flattened(item, owner)
        try checkSize(body.count, owner)
      }
      return body
    case .alternatives:
      let rule = newRule(owner)
      try define(rule, as: node, owner: owner)
      return [.rule(rule)]
    case .repetition(let item, let least, let most): return try repeated(item, least, most, owner)
    }
  }

  /// x{2,} is x x S with S ::= x S | nothing; x{2,4} is x x A with A ::= x B | nothing and B ::= x | nothing.
  private mutating func repeated(
    _ item: GrammarNode, _ least: Int, _ most: Int?, _ owner: Int
  ) throws(GrammarError) -> [Grammar.Symbol] {
    var body = try flattened(item, owner)
    if body.count > 1 {
      let rule = newRule(owner)
      try define(rule, body)
      body = [.rule(rule)]
    }
    let required = (0..<least).flatMap { _ in body }
    guard let most else {
      let star = newRule(owner)
      try define(star, body + [.rule(star)])
      try define(star, [])
      return required + [.rule(star)]
    }
    var rest: [Grammar.Symbol] = []
    for _ in least..<most {
      let rule = newRule(owner)
      try define(rule, body + rest)
      try define(rule, [])
      rest = [.rule(rule)]
    }
    return required + rest
  }

  private mutating func number(of set: ScalarRanges) -> Int {
    if let number = setNumbers[set] { return number }
    setNumbers[set] = sets.count
    sets.append(set)
    return sets.count - 1
  }

  // MARK: Checks

  /// The grammar, where every text can be followed through it.
  func grammar() throws(GrammarError) -> Grammar {
    guard let root = numbers["root"] else { throw parser.error(.noRoot, at: 0, isOfRule: true) }
    let lengths = ruleLengths()
    if let rule = rules.indices.first(where: { lengths[$0] >= Grammar.endless }) {
      throw parser.error(.endless(rule: rules[rule].name), at: rules[rule].position, isOfRule: true)
    }
    let isNullable = lengths.map { $0 == 0 }
    try checkLeftRecursion(isNullable)
    return Grammar(
      symbols: symbols, sets: sets, alternatives: alternatives, isNullable: isNullable, shortest: shortest(lengths),
      root: root)
  }

  /// The scalars of each rule's shortest text: a shorter one may come to light as long as that of a rule in it does.
  private func ruleLengths() -> [Int] {
    var lengths = [Int](repeating: Grammar.endless, count: alternatives.count)
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
      let length = alternatives[rule].map { self.length(from: $0, lengths) }.min() ?? Grammar.endless
      guard length < lengths[rule] else { continue }
      lengths[rule] = length
      for user in users[rule] where !isWaiting[user] {
        isWaiting[user] = true
        waiting.append(user)
      }
    }
    return lengths
  }

  private func length(from start: Int, _ lengths: [Int]) -> Int {
    var sum = 0
    forEachSymbol(from: start) { sum = min(sum + length($0, lengths), Grammar.endless) }
    return sum
  }

  private func length(_ symbol: Grammar.Symbol, _ lengths: [Int]) -> Int {
    switch symbol {
    case .scalars: 1
    case .rule(let rule): lengths[rule]
    case .end: 0
    }
  }

  private func shortest(_ lengths: [Int]) -> [Int] {
    var shortest = [Int](repeating: 0, count: symbols.count)
    for position in symbols.indices.reversed() where symbols[position] != .end {
      shortest[position] = min(shortest[position + 1] + length(symbols[position], lengths), Grammar.endless)
    }
    return shortest
  }

  private func forEachSymbol(from start: Int, _ body: (Grammar.Symbol) -> Void) {
    var position = start
    while symbols[position] != .end {
      body(symbols[position])
      position += 1
    }
  }

  /// A rule must not come to itself without a scalar between. (A repetition of what may be nothing does, in its last
  /// symbol, which needs no frame.)
  private func checkLeftRecursion(_ isNullable: [Bool]) throws(GrammarError) {
    let first = alternatives.indices.map { firstRules(of: $0, isNullable) }
    // 0: not seen, 1: on the way from the start, 2: done.
    var states = [UInt8](repeating: 0, count: first.count)
    for start in first.indices where states[start] == 0 {
      var path = [(rule: start, next: 0)]
      states[start] = 1
      while let (rule, next) = path.last {
        guard next < first[rule].count else {
          states[rule] = 2
          path.removeLast()
          continue
        }
        path[path.count - 1].next += 1
        let part = first[rule][next]
        if states[part] == 1 { throw leftRecursion(path.map(\.rule), to: part) }
        guard states[part] == 0 else { continue }
        states[part] = 1
        path.append((part, 0))
      }
    }
  }

  /// The rules that may be begun where this one begins.
  private func firstRules(of rule: Int, _ isNullable: [Bool]) -> [Int] {
    var found: [Int] = []
    for start in alternatives[rule] {
      var position = start
      while case .rule(let part) = symbols[position] {
        let isLast = symbols[position + 1] == .end
        if part != rule || !isLast || rule < rules.count { found.append(part) }
        guard isNullable[part] else { break }
        position += 1
      }
    }
    return found
  }

  private func leftRecursion(_ path: [Int], to part: Int) -> GrammarError {
    let circle = path.drop { $0 != part } + [part]
    var names: [String] = []
    for rule in circle where names.last != rules[owners[rule]].name { names.append(rules[owners[rule]].name) }
    if names.count == 1 { names.append(names[0]) }
    let owner = rules[owners[part]]
    return parser.error(.leftRecursion(rule: owner.name, path: names), at: owner.position, isOfRule: true)
  }
}
