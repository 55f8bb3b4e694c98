import ArgumentParser
import CharLMFiles
import CharLMText

/// The shape that texts must have.
struct ShapeOptions: ParsableArguments, DeclaredOptions {
  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Generate a text that matches this regular expression as a whole, after the seed; --length is then the maximum.",
      valueName: "expression"), transform: ShapeOptions.expression)
  var match: TextExpression?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Likewise, generate a text of this GBNF grammar; 'json' is a built-in one for JSON.", valueName: "file"))
  var grammar: String?

  static let declarations: [Declaration<Self>] = [
    Declaration("--match", \.match), Declaration("--grammar", \.grammar),
  ]

  func validate() throws {
    try Limits.exclude([("--match", match != nil), ("--grammar", grammar != nil)])
    try checkRanges()
  }

  /// Whether texts must have a shape.
  var isGiven: Bool { match != nil || grammar != nil }

  /// The option that was given; nil where none was.
  var name: String? { match != nil ? "--match" : grammar != nil ? "--grammar" : nil }

  /// "match 'EXPRESSION'", "are of the grammar FILE"; nil where any text will do.
  var phrase: String? { match.map { "match '\($0.pattern)'" } ?? grammar.map { "are of the grammar \($0)" } }

  /// What places in errors are places in; nil where any text will do.
  var place: String? { match.map { "--match '\($0.pattern)'" } ?? grammar }

  /// What a text must be; nil where any will do.
  /// - Throws: also where every such text is longer than so many tokens can be.
  func constraint(within tokenLimit: Int, for tokenizer: Tokenizer) throws -> (any TextConstraint)? {
    let constraint: (any TextConstraint)? =
      if let match { try ExpressionConstraint(match) } else {
        try grammar.map { try GrammarConstraint(ShapeOptions.grammar($0)) }
      }
    guard let place, let shortest = constraint?.shortestRest, shortest > tokenLimit else { return constraint }
    // A token may be several characters.
    let vocabulary = tokenizer.vocabulary
    let longest = (0..<vocabulary.count).map { token in
      String(decoding: vocabulary.bytes(of: TokenID(token)), as: UTF8.self).unicodeScalars.count
    }.max()
    guard shortest > tokenLimit * (longest ?? 1) else { return constraint }
    throw CommandFailure(
      "\(place): every text has at least \(Quantity.count(shortest, "character")), and --length is \(tokenLimit)",
      next: "give a longer --length")
  }

  private static func grammar(_ name: String) throws -> Grammar {
    if name == "json" { return try Grammar(Grammar.json) }
    let bytes = try name == "-" ? Files.readStandardInput() : Files.read(name, limit: GrammarLimits.byteCount)
    do throws(GrammarError) { return try Grammar(utf8: bytes) } catch {
      throw CommandFailure("\(name): \(error)", next: "see llama.cpp's guide to GBNF (grammars/README.md)")
    }
  }

  private static func expression(_ pattern: String) throws -> TextExpression {
    do throws(TextError) { return try TextExpression(pattern) } catch { throw ValidationError(error.description) }
  }
}

extension CommandFailure {
  /// An error in what texts were asked for.
  init(_ error: ConstraintError, in shape: ShapeOptions) {
    self.init(error)
    if case .impossible = error, let place = shape.place { what = place + ": " + what }
  }
}
