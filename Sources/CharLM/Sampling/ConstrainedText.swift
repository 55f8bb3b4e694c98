import CharLMText
import RecurrentNN

/// Samples that are held to a constraint, such as a regular expression or a grammar, as a whole and by construction.
///
/// Each token is drawn among those after which the text may still come to be allowed, from the predictor's probabilities
/// for them. Where the text may end and the predictor wants to write something that may not follow, it ends. Where no
/// token can follow, the last one is taken back; where a text of full length may not end, a new one is begun.
///
///     let names = try ConstrainedText(model, ExpressionConstraint(TextExpression("[A-Z][a-z]{2,9}")), length: 50)
///     try names.sample(randomSeed: 1)?.text  // "Tobin"
///
///     let records = try ConstrainedText(model, GrammarConstraint(Grammar(Grammar.json)), length: 500)
public struct ConstrainedText<Source: Predictor> {
  private let predictor: Source
  private let constraint: any TextConstraint
  private let seed: SampleSeed
  private let length: Int
  private let filters: [any SamplingFilter]
  private let tokens: ConstrainedTokens
  private let options: StreamOptions
  private let candidateCount: Int?

  /// - Parameters:
  ///   - constraint: at the beginning of a text.
  ///   - seed: is read before the text, and need not be allowed.
  ///   - length: the most tokens of a text.
  ///   - precision, threadCount: see `StreamOptions`.
  ///   - candidateCount: how many of the likeliest tokens a sample's `drawn` has beside each one; nil where it is not
  ///     needed.
  public init(
    _ predictor: Source, _ constraint: any TextConstraint, seed: SampleSeed = SampleSeed(), length: Int,
    sampling: SamplingSettings = SamplingSettings(), precision: StreamPrecision = .float32, threadCount: Int = 1,
    candidateCount: Int? = nil
  ) {
    (self.predictor, self.constraint, self.seed, self.length) = (predictor, constraint, seed, length)
    filters = sampling.filters(for: predictor.tokenizer)
    tokens = ConstrainedTokens(for: predictor.tokenizer)
    options = StreamOptions(precision: precision, threadCount: threadCount)
    self.candidateCount = candidateCount
  }

  /// How often a text may be begun before none is believed to be allowed.
  private static var triesCount: Int { 20 }
  /// So many tokens may be taken back, at most twice as many; where more would have to be, the text is begun again.
  private static var retreatCount: Int { 256 }

  /// A text that is allowed, after the seed's; nil where none came within the length.
  /// - Throws: `ConstraintError` where it takes too much to find out what may follow.
  public func sample(randomSeed: UInt64) throws(ConstraintError) -> Sample? {
    var text = Text(beginning: beginning(randomSeed))
    for _ in 0..<ConstrainedText.triesCount * (length + 50) {
      let place = text.place
      if place.state.mustEnd { return sample(text, place.end, randomSeed) }
      if place.end.tokenCount == length {
        // Where an earlier part may stand alone, it is the text; otherwise this beginning led nowhere.
        if let end = place.lastEnd { return sample(text, end, randomSeed) }
        text.beginAgain()
        continue
      }
      switch try step(&text.places[text.places.count - 1]) {
      case .token(let token, let next, let drawn): text.append(token, next, drawn, bytes: bytes(of: token))
      case .end: return sample(text, place.end, randomSeed)
      case nil:
        if place.end.tokenCount == 0 { return nil }
        text.retreat(vocabularyCount: predictor.tokenizer.vocabulary.count)
      }
      text.forget(beyond: ConstrainedText.retreatCount)
    }
    return nil
  }

  private func bytes(of token: TokenID) -> ArraySlice<UInt8> { predictor.tokenizer.vocabulary.bytes(of: token) }

  private func beginning(_ randomSeed: UInt64) -> Place {
    var generator = CharLM.Generator(
      predictor, filters: filters, randomSeed: randomSeed, precision: options.precision,
      threadCount: options.threadCount)
    for token in seed.tokens(startingFrom: predictor.startToken) { generator.read(token) }
    return Place(generator: generator, state: ConstrainedTokens.State(constraint: constraint), end: End())
  }

  private enum Step {
    case token(TokenID, ConstrainedTokens.State, DrawnToken?)
    case end
  }

  /// What follows a place; nil where nothing can.
  private func step(_ place: inout Place) throws(ConstraintError) -> Step? {
    let limit = length - place.end.tokenCount - 1
    var widening = 4
    while let token = place.generator.draw(leavingOut: place.refused) {
      if let next = try tokens.state(after: token, place.state, within: limit) {
        return .token(
          token, next, candidateCount.map { place.generator.candidate(token, candidateCount: $0) })
      }
      if place.state.mayEnd { return .end }
      place.refuse(token, of: predictor.tokenizer.vocabulary.count)
      // Rather than draw and refuse them one by one, so many of the likeliest are tried at once, and each time more.
      for token in place.generator.likeliest(widening, leavingOut: place.refused)
      where try !tokens.allows(token, place.state, within: limit) {
        place.refuse(token, of: predictor.tokenizer.vocabulary.count)
      }
      widening *= 4
    }
    return place.state.mayEnd ? .end : nil
  }

  private func sample(_ text: Text, _ end: End, _ randomSeed: UInt64) -> Sample {
    Sample(
      randomSeed: randomSeed, text: seed.text + String(decoding: text.utf8[..<end.byteCount], as: UTF8.self),
      tokenCount: end.tokenCount, isStopped: false, documents: [], drawn: Array(text.drawn.prefix(end.tokenCount)))
  }

  /// The length of a text, or of a part of it.
  private struct End {
    var tokenCount = 0
    var byteCount = 0
  }

  /// A place of a text, from which it can go on.
  private struct Place {
    var generator: CharLM.Generator
    let state: ConstrainedTokens.State
    let end: End
    /// The last place before this one where the text may end.
    var earlierEnd: End?
    /// What may not follow, by token; empty where all may, as far as is known.
    var refused: [Bool] = []

    /// The last place up to here where the text may end.
    var lastEnd: End? { state.mayEnd ? end : earlierEnd }

    mutating func refuse(_ token: TokenID, of count: Int) {
      if refused.isEmpty { refused = [Bool](repeating: false, count: count) }
      refused[Int(token)] = true
    }
  }

  /// A text on its way.
  private struct Text {
    private var beginning: Place
    /// The last places, at least one.
    var places: [Place]
    var utf8: [UInt8] = []
    var drawn: [DrawnToken] = []

    init(beginning: Place) { (self.beginning, places) = (beginning, [beginning]) }

    var place: Place { places[places.count - 1] }

    mutating func append(
      _ token: TokenID, _ state: ConstrainedTokens.State, _ drawn: DrawnToken?, bytes: ArraySlice<UInt8>
    ) {
      utf8 += bytes
      if let drawn { self.drawn.append(drawn) }
      var next = Place(
        generator: place.generator, state: state, end: End(tokenCount: place.end.tokenCount + 1, byteCount: utf8.count),
        earlierEnd: place.lastEnd)
      next.generator.read(token)
      places.append(next)
    }

    /// Takes the last token back, which does not lead on.
    mutating func retreat(vocabularyCount: Int) {
      guard places.count > 1 else { return beginAgain() }
      let left = places.removeLast()
      if let token = left.generator.lastToken { places[places.count - 1].refuse(token, of: vocabularyCount) }
      cut()
    }

    /// Begins the text anew, with other random numbers.
    mutating func beginAgain() {
      beginning.generator.continueRandomNumbers(of: place.generator)
      places = [beginning]
      cut()
    }

    /// Leaves out the oldest places where there are more than twice as many.
    mutating func forget(beyond count: Int) {
      if places.count > 2 * count { places.removeFirst(places.count - count) }
    }

    private mutating func cut() {
      utf8.removeLast(utf8.count - place.end.byteCount)
      if !drawn.isEmpty { drawn.removeLast(drawn.count - place.end.tokenCount) }
    }
  }
}
