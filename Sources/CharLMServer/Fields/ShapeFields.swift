import CharLM
import CharLMText

/// The fields that say what shape a text must have, by the names of the options of `charlm sample`.
enum ShapeFields {
  private static let longestGrammar = 1 << 14

  static let all: [Field] = [
    Field(
      "match", .text(bytes: 1000),
      "A regular expression in ICU's syntax that the whole continuation matches; length is then the most tokens."),
    Field(
      "grammar", .text(bytes: longestGrammar),
      "Likewise, a GBNF grammar that the whole continuation follows; 'json' is a built-in one for JSON."),
    Field(
      "documents", .integer(1...100),
      "This many whole documents, each beginning with the seed; needs a model trained on documents. length limits the "
        + "tokens of each, 20000 where it is not given."),
  ]
}

extension FieldValues {
  /// The shape that a request asks for, as it is written; nil for any.
  /// - Throws: `RequestError` where it contradicts other fields.
  func requestedShape(of model: LanguageModel) throws(RequestError) -> RequestedShape? {
    let given = ShapeFields.all.map(\.name).filter { isDeclared($0) && has($0) }
    guard let name = given.first else { return nil }
    if given.count > 1 { throw .wrong(given[1], "and \(name) exclude each other; give one of them") }
    if name == "documents" {
      guard model.knowsDocuments else {
        throw .wrong(name, "have no meaning with this model, which was not trained on separate documents; leave it out")
      }
      return .documents(integer(name) ?? 1)
    }
    if texts("stop").contains(where: { !$0.isEmpty }) {
      throw .wrong("stop", "has no meaning with \(name), whose texts end by themselves; leave it out")
    }
    return name == "match" ? .match(text(name) ?? "") : .grammar(text(name) ?? "")
  }
}

/// A shape as a client writes it.
enum RequestedShape: Sendable {
  case match(String)
  case grammar(String)
  case documents(Int)

  /// The shape; it may take a second to find out what a pattern means.
  /// - Throws: `RequestError` where it is malformed.
  func shape() throws(RequestError) -> TextShape {
    let name = if case .match = self { "match" } else { "grammar" }
    do {
      switch self {
      case .match(let pattern): return .constrained(try ExpressionConstraint(TextExpression(pattern)))
      case .grammar("json"): return .constrained(try GrammarConstraint(Grammar(Grammar.json)))
      case .grammar(let grammar): return .constrained(try GrammarConstraint(Grammar(grammar)))
      case .documents(let count): return .documents(count)
      }
    } catch {
      throw .wrong(name, "is wrong: \(error)")
    }
  }
}
