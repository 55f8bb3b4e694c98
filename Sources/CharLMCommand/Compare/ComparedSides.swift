import CharLM
import CharLMData
import CharLMText

/// The two that are compared: models, or one and a baseline that is counted on what the other was trained on.
struct ComparedSides {
  /// A baseline in place of a model.
  struct Baseline {
    /// The word that named it.
    let name: String
    /// The longest n-gram.
    let order: Int

    private static let orders = 1...16

    /// `unigram`, `ngram` (of order 5), or `1-gram` to `16-gram`; nil for any other word.
    init?(_ name: String) {
      let named = ["unigram": 1, "ngram": 5]
      guard let order = named[name] ?? Baseline.orders.first(where: { name == "\($0)-gram" }) else { return nil }
      (self.name, self.order) = (name, order)
    }
  }

  private enum Side {
    case model(ModelLookup.Found, LanguageModel)
    case baseline(Baseline)
  }

  private let command: CompareCommand
  private let first: Side
  private let second: Side

  /// What they are called.
  let names: [String]

  init(_ command: CompareCommand) throws {
    self.command = command
    first = try ComparedSides.side(command.first)
    second = try ComparedSides.side(command.second)
    names = [first, second].map { side in
      switch side {
      case .model(let found, _): found.path
      case .baseline(let baseline): baseline.name
      }
    }
    if case (.baseline, .baseline) = (first, second) {
      throw CommandFailure.usage("\(names[0]) and \(names[1]) are both baselines", next: "name a model for one of them")
    }
  }

  /// A model at a path, or a baseline where there is none and the word names one.
  private static func side(_ word: String) throws -> Side {
    if let baseline = Baseline(word), !ModelLookup.isThere(word) { return .baseline(baseline) }
    let (found, model) = try ModelLookup.language(word)
    return .model(found, model)
  }

  /// That nothing is left that both have read, and why.
  var failure: CommandFailure {
    let what = "\(names[0]) and \(names[1]) have no part of \(command.file) in common"
    // A baseline counts as its model does.
    guard case (.model(_, let first), .model(_, let second)) = (first, second),
      first.documentSeparator != second.documentSeparator
    else {
      return CommandFailure(what, next: "choose models that normalize text in the same way")
    }
    let said = [first, second].map {
      $0.documentSeparator.map { "documents separated by '\(EscapedText.escaped($0))'" } ?? "one text"
    }
    return CommandFailure(
      "\(what): they read \(said[0]) and \(said[1])",
      next: "choose models that were trained with the same --document-separator")
  }

  /// What each makes of the text.
  func scores() throws -> (first: ByteScores, second: ByteScores) {
    (try scores(of: first, beside: second), try scores(of: second, beside: first))
  }

  private func scores(of side: Side, beside other: Side) throws -> ByteScores {
    let console = command.output.console
    let input = PlacedInput(command.file, command.decoding, command.onUnknown, console)
    switch (side, other) {
    case (.model(let found, let model), _):
      if found.model.training.corpus.includes([command.file]) {
        console.warn("\(found.path) was trained on \(command.file), so that it knows most of it")
      }
      return try ByteScores(model, input.text(for: model, [found]), threadCount: command.threads.count)
    case (.baseline(let baseline), .model(let found, let model)):
      let corpus = try ValidationPlaces.corpus(of: model, path: found.path, storage: command.cache.storage)
      console.say("counting \(Quantity.count(corpus.train.count, "training token"))")
      let counts = try NGramModel(tokenizer: model.tokenizer, text: corpus.train, order: baseline.order)
      return try ByteScores(counts, input.text(for: model, []))
    case (.baseline, .baseline): preconditionFailure("two baselines")
    }
  }
}
