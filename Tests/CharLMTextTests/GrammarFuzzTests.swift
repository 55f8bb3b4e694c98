import Testing

@testable import CharLMText

/// Random grammars against a plain recognizer, and random text as grammars.
@Suite struct GrammarFuzzTests {
  /// Numbers of a simple generator, the same every time.
  struct Numbers: RandomNumberGenerator {
    var state: UInt64
    mutating func next() -> UInt64 {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return state >> 11 | state << 53
    }
  }

  /// A part of a rule, apart from the parser's own.
  indirect enum Part {
    case text(String)
    case letters(String)
    case rule(Int)
    case sequence([Part])
    case choice([Part])
    case repeated(Part, Int, Int?)

    var gbnf: String {
      switch self {
      case .text(let text): "\"\(text)\""
      case .letters(let letters): "[\(letters)]"
      case .rule(let number): number == 0 ? "root" : "r\(number)"
      case .sequence(let parts): "(" + parts.map(\.gbnf).joined(separator: " ") + ")"
      case .choice(let parts): "(" + parts.map(\.gbnf).joined(separator: " | ") + ")"
      case .repeated(let part, 0, nil): "(\(part.gbnf))*"
      case .repeated(let part, let least, let most): "(\(part.gbnf)){\(least),\(most.map(String.init) ?? "")}"
      }
    }

    static func random(_ depth: Int, rules: Int, _ numbers: inout Numbers) -> Part {
      switch Int.random(in: 0..<(depth == 0 ? 4 : 8), using: &numbers) {
      case 0: .text(["a", "b", "ab", ""].randomElement(using: &numbers) ?? "a")
      case 1: .letters(["a", "b", "ab"].randomElement(using: &numbers) ?? "a")
      case 2, 3: .rule(Int.random(in: 0..<rules, using: &numbers))
      case 4, 5:
        .sequence((0..<Int.random(in: 1...3, using: &numbers)).map { _ in random(depth - 1, rules: rules, &numbers) })
      case 6:
        .choice((0..<Int.random(in: 1...3, using: &numbers)).map { _ in random(depth - 1, rules: rules, &numbers) })
      default:
        {
          let least = Int.random(in: 0...2, using: &numbers)
          let most = Bool.random(using: &numbers) ? nil : least + Int.random(in: 0...2, using: &numbers)
          return .repeated(random(depth - 1, rules: rules, &numbers), least, most)
        }()
      }
    }
  }

  /// Looks for the places where a text of a rule may end, from each place where it may begin.
  struct PlainRecognizer {
    let rules: [Part]
    let text: [Character]
    private var known: [[Int]: Set<Int>] = [:]

    init(_ rules: [Part], _ text: String) { (self.rules, self.text) = (rules, Array(text)) }

    var isAllowed: Bool {
      mutating get { ends(.rule(0), 0).contains(text.count) }
    }

    private mutating func ends(_ part: Part, _ start: Int) -> Set<Int> {
      switch part {
      case .text(let own): return text.dropFirst(start).starts(with: own) ? [start + own.count] : []
      case .letters(let letters): return start < text.count && letters.contains(text[start]) ? [start + 1] : []
      case .rule(let number):
        if let ends = known[[number, start]] { return ends }
        let found = ends(rules[number], start)
        known[[number, start]] = found
        return found
      case .sequence(let parts): return parts.reduce([start]) { starts, part in ends(part, starts) }
      case .choice(let parts): return parts.reduce([]) { found, part in found.union(ends(part, start)) }
      case .repeated(let part, let least, let most):
        var (places, found) = (Set([start]), least == 0 ? Set([start]) : [])
        for count in 1..<(least + text.count + 2) where count <= most ?? .max && !places.isEmpty {
          places = ends(part, places)
          if count >= least { found.formUnion(places) }
        }
        return found
      }
    }

    private mutating func ends(_ part: Part, _ starts: Set<Int>) -> Set<Int> {
      var found: Set<Int> = []
      for start in starts { found.formUnion(ends(part, start)) }
      return found
    }
  }

  /// All texts of a and b up to a length, the short ones first.
  private static func texts(upTo length: Int) -> [String] {
    var (all, last) = ([""], [""])
    for _ in 0..<length {
      last = last.flatMap { [$0 + "a", $0 + "b"] }
      all += last
    }
    return all
  }

  @Test("random grammars allow what a plain recognizer allows, and know the shortest rest", arguments: 0..<40)
  func random(_ seed: Int) throws {
    var numbers = Numbers(state: UInt64(seed) &* 0x9E37_79B9_7F4A_7C15)
    let (all, longest) = (Self.texts(upTo: 6), 6)
    var compared = 0
    for _ in 0..<12 {
      let count = Int.random(in: 1...3, using: &numbers)
      let rules = (0..<count).map { _ in Part.random(2, rules: count, &numbers) }
      let gbnf = rules.enumerated().map { "\($0 == 0 ? "root" : "r\($0)") ::= \($1.gbnf)\n" }.joined()
      let grammar: Grammar
      do { grammar = try Grammar(gbnf) } catch {
        switch error.problem {
        case .leftRecursion, .endless: continue
        default:
          Issue.record("\(gbnf): \(error)")
          continue
        }
      }
      compared += 1
      let start = try GrammarConstraint(grammar)
      let allowed = Set(
        all.filter { text in
          var recognizer = PlainRecognizer(rules, text)
          return recognizer.isAllowed
        })
      for text in all {
        let after = text.isEmpty ? start : try start.following(Array(text.unicodeScalars))
        #expect((after?.mayEnd ?? false) == allowed.contains(text), "'\(text)' of \(gbnf)")
        let shortest = allowed.filter { $0.hasPrefix(text) }.map { $0.count - text.count }.min()
        let rest = after?.shortestRest
        // A rest beyond the longest text that was tried is not known here.
        let isKnown = rest.map { text.count + $0 <= longest } ?? false
        #expect(shortest == (isKnown ? rest : nil), "the rest of '\(text)' of \(gbnf)")
        for letter in ["a", "b"] as [Unicode.Scalar] where after != nil {
          let next = try after?.following([letter])?.shortestRest
          #expect(try after?.rest(after: [letter]) == next, "\(letter) after '\(text)' of \(gbnf)")
        }
      }
    }
    #expect(compared > 0)
  }

  @Test("random text is refused as a grammar, or followed, and never more", arguments: 0..<20)
  func noise(_ seed: Int) throws {
    var numbers = Numbers(state: UInt64(seed))
    let pieces = [
      "root", "::=", "\n", "\"a\"", "[a-z]", "[^", "]", "(", ")", "|", "*", "+", "?", "{2,3}", "{", "}", ".", "\\", "x",
      "#", " ", "\"", "\\u0041", "-", "é", "{1000}", "a ::= ", "b ::= ", "a", "b",
    ]
    for _ in 0..<300 {
      let count = Int.random(in: 0..<20, using: &numbers)
      let text = "root ::= " + (0..<count).map { _ in pieces.randomElement(using: &numbers) ?? "" }.joined()
      guard let grammar = try? Grammar(text), var constraint = try? GrammarConstraint(grammar) else { continue }
      for _ in 0..<20 {
        let letter: Unicode.Scalar = ["a", "b", "x", "é"].randomElement(using: &numbers) ?? "a"
        guard let next = try? constraint.following([letter]) else { break }
        #expect(next.mayEnd || next.mayGoOn, "\(text)")
        constraint = next
      }
    }
  }
}
