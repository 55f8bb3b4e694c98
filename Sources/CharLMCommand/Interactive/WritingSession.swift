import CharLM
import CharLMText

/// A text that somebody and a predictor write in turns, with every turn kept, so that it can be taken back.
struct WritingSession<Model: Predictor> {
  private let model: Model
  private let options: StreamOptions
  private var sampling: SamplingSettings
  private var turns: [Turn] = []
  private var now: Place
  private let beginning: Place

  /// Where the text stands.
  private struct Place {
    var generator: Generator
    var tokens: [TokenID] = []
    var text = ""
  }

  /// The places before what was typed, and before what the predictor wrote.
  private struct Turn {
    let typed: Place
    let written: Place
  }

  /// Turns that can be taken back.
  private static var turnLimit: Int { 1000 }

  /// An empty text.
  init(_ model: Model, sampling: SamplingSettings, randomSeed: UInt64, options: StreamOptions) {
    (self.model, self.options, self.sampling) = (model, options, sampling)
    var generator = Generator(
      model, sampling: sampling, randomSeed: randomSeed, precision: options.precision, threadCount: options.threadCount)
    generator.read(model.startToken)
    beginning = Place(generator: generator, tokens: [model.startToken])
    now = beginning
  }

  /// The text so far.
  var text: String { now.text }
  var canUndo: Bool { !turns.isEmpty }

  /// Begins a turn by what somebody typed.
  /// - Throws: `TextError.unknownToken` where it has tokens that the vocabulary lacks; then nothing changes.
  mutating func type(_ text: String) throws(TextError) {
    let before = now
    for token in try tokens(text) {
      now.generator.read(token)
      now.tokens.append(token)
    }
    now.text += text
    turns.append(Turn(typed: before, written: now))
    if turns.count > WritingSession.turnLimit { turns.removeFirst() }
  }

  /// Takes the last turn back.
  mutating func undo() {
    if let turn = turns.popLast() { go(to: turn.typed) }
  }

  /// Takes back what was written last.
  mutating func undoWriting() {
    if let turn = turns.last { go(to: turn.written) }
  }

  /// Ways to go on from here, written side by side, which are not gone yet; shorter where they are not wanted any more.
  mutating func ways(_ count: Int, length: Int, isWanted: () -> Bool) -> [WrittenTurn] {
    let group = GeneratorGroup(
      model, capacity: count, precision: options.precision, threadCount: options.threadCount)
    var (ways, open) = ([WrittenTurn](), [GeneratorGroup.ID: Int]())
    for number in 0..<count {
      let randomSeed = now.generator.nextRandomSeed()
      open[group.add(after: now.generator, randomSeed: randomSeed)] = number
      ways.append(WrittenTurn(model, length: length))
    }
    while !open.isEmpty {
      for written in group.step() {
        if let number = open[written.id], !ways[number].isComplete { _ = ways[number].append(written.token) }
      }
      if !isWanted() { for number in ways.indices { ways[number].length = 0 } }
      for (id, number) in open where ways[number].isComplete {
        _ = ways[number].finish()
        group.remove(id)
        open[id] = nil
      }
    }
    return ways
  }

  /// Goes one of the ways, as a turn of its own.
  mutating func go(_ way: WrittenTurn) {
    turns.append(Turn(typed: now, written: now))
    for token in way.tokens { now.generator.read(token) }
    now.tokens += way.tokens
    now.text += way.text
  }

  /// Begins another text.
  mutating func beginAgain() {
    turns = []
    go(to: beginning)
  }

  /// Draws in another way from here on.
  mutating func change(sampling: SamplingSettings) {
    self.sampling = sampling
    now.generator.change(sampling: sampling, after: now.tokens)
  }

  /// The tokens of a text; where the predictor knows documents, what separates two of them is one.
  private func tokens(_ typed: String) throws(TextError) -> ArraySlice<TokenID> {
    if typed.isEmpty { return [] }
    let tokens = try SampleSeed(typed, for: model, source: "the text").tokens(startingFrom: model.startToken)
    // A seed begins a document, and this goes on with one, unless it begins with their separator.
    let beginsDocument = model.documentSeparator.map { typed.hasPrefix($0) } ?? false
    return model.knowsDocuments && !beginsDocument ? tokens.dropFirst() : tokens[...]
  }

  /// Goes back to a place, with the drawing of now, and with random numbers that were not used yet.
  private mutating func go(to place: Place) {
    let generator = now.generator
    now = place
    now.generator.continueRandomNumbers(of: generator)
    now.generator.change(sampling: sampling, after: now.tokens)
  }

  /// Lets the predictor write.
  /// - Parameters:
  ///   - length: the most tokens; a document's end is an end, too.
  ///   - write: receives the pieces of text; false to stop.
  mutating func write(_ length: Int, _ write: (String) throws -> Bool) throws {
    var turn = WrittenTurn(model, length: length)
    while !turn.isComplete {
      let token = now.generator.next()
      let piece = turn.append(token)
      now.tokens.append(token)
      now.text += piece
      if !piece.isEmpty, try !write(piece) { turn.length = 0 }
    }
    let end = turn.finish()
    now.text += end
    _ = try write(end)
  }
}
