/// Makes the list of symbols of a grammar from its rules, and checks that a text can be followed through it.
struct GrammarBuilder {
  /// Symbols, and where each one was written.
  private typealias Body = [(symbol: Grammar.Symbol, origin: Int)]

  private let parser: GrammarParser
  private var symbols: [Grammar.Symbol] = []
  /// Where each symbol was written.
  private var origins: [Int] = []
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

  private mutating func define(_ rule: Int, _ body: Body) throws(GrammarError) {
    alternatives[rule].append(symbols.count)
    symbols += body.map(\.symbol) + [.end]
    origins += body.map(\.origin) + [0]
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

  private mutating func flattened(_ node: GrammarNode, _ owner: Int) throws(GrammarError) -> Body {
    switch node {
    case .scalars(let set, let position): return [(.scalars(number(of: set)), position)]
    case .rule(let name, let position):
      guard let number = numbers[name] else { throw parser.error(.undefined(rule: name), at: position) }
      return [(.rule(number), position)]
    case .sequence(let items):
      var body: Body = []
      for item in items {
        body += try flattened(item, owner)
        try checkSize(body.count, owner)
      }
      return body
    case .alternatives:
      let rule = newRule(owner)
      try define(rule, as: node, owner: owner)
      return [(.rule(rule), 0)]
    case .repetition(let item, let least, let most): return try repeated(item, least, most, owner)
    }
  }

  /// x{2,} is x x S with S ::= x S | nothing; x{2,4} is x x A with A ::= x B | nothing and B ::= x | nothing.
  private mutating func repeated(
    _ item: GrammarNode, _ least: Int, _ most: Int?, _ owner: Int
  ) throws(GrammarError) -> Body {
    var body = try flattened(item, owner)
    if body.count > 1 {
      let rule = newRule(owner)
      try define(rule, body)
      body = [(.rule(rule), 0)]
    }
    let required = (0..<least).flatMap { _ in body }
    guard let most else {
      let star = newRule(owner)
      try define(star, body + [(.rule(star), 0)])
      try define(star, [])
      return required + [(.rule(star), 0)]
    }
    var rest: Body = []
    for _ in least..<most {
      let rule = newRule(owner)
      try define(rule, body + rest)
      try define(rule, [])
      rest = [(.rule(rule), 0)]
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
    let lengths = GrammarLengths(symbols, alternatives, sets)
    if let rule = rules.indices.first(where: { lengths.ofRules[$0] >= Grammar.endless }) {
      throw parser.error(.endless(rule: rules[rule].name), at: rules[rule].position, isOfRule: true)
    }
    try checkLeftRecursion(lengths.ofRules.map { $0 == 0 })
    return Grammar(
      symbols: symbols, sets: sets, alternatives: alternatives, lengths: lengths, root: root, origins: origins,
      source: parser.text)
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
