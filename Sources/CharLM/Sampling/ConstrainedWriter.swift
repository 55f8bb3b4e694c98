import CharLMText
import RecurrentNN

/// Writes a text that is held to a constraint.
///
/// A token is drawn from all; where it may not follow, the text ends if it may, and otherwise another is drawn from those
/// that may. Where none can follow, the last token is taken back: the stream goes back to where it was last saved, some
/// tokens before, and reads on to that place.
final class ConstrainedWriter: SampleWriting {
  let beginning: [TokenID]
  private let tokens: ConstrainedTokens
  private let vocabulary: Vocabulary
  private var sampler: TokenSampler
  private let firstSampler: TokenSampler
  private var random: SeededGenerator
  private let randomSeed: UInt64
  private let seed: SampleSeed
  private let length: Int
  private let candidateCount: Int?

  private var written: [TokenID] = []
  private var drawn: [DrawnToken] = []
  /// The last places, at least one.
  private var places: [Place]
  private var savedPlaces: [SavedPlace] = []
  private var stepCount = 0
  private var outcome: Result<End?, ConstraintError>?

  /// How many of the text's tokens there are.
  private typealias End = Int

  /// A place of a text, from which it can go on.
  private struct Place {
    let state: ConstrainedTokens.State
    let end: End
    /// The last place before this one where the text may end.
    var earlierEnd: End?
    /// What has led nowhere, by token; empty where nothing has.
    var refused: [Bool] = []

    /// The last place up to here where the text may end.
    var lastEnd: End? { state.mayEnd ? end : earlierEnd }
  }

  private struct SavedPlace {
    let end: End
    let stream: SavedStream
    let sampler: TokenSampler
  }

  /// How often a text may be begun before none is believed to be allowed.
  private static let triesCount = 20
  /// So many tokens may be taken back, at most twice as many; where more would have to be, the text is begun again.
  private static let retreatCount = 256
  /// The tokens between two saved places.
  private static let savedDistance = 16

  /// - Parameters:
  ///   - sampler: has seen no token.
  ///   - length: the most tokens.
  init(
    _ tokens: ConstrainedTokens, _ vocabulary: Vocabulary, _ sampler: TokenSampler, randomSeed: UInt64,
    seed: SampleSeed, after seedTokens: [TokenID], length: Int, candidateCount: Int?
  ) {
    (self.tokens, self.vocabulary, self.sampler, beginning) = (tokens, vocabulary, sampler, seedTokens)
    for token in seedTokens { self.sampler.note(token) }
    firstSampler = self.sampler
    (self.randomSeed, random) = (randomSeed, SeededGenerator(seed: randomSeed))
    (self.seed, self.length, self.candidateCount) = (seed, length, candidateCount)
    places = [Place(state: tokens.start, end: 0)]
    if tokens.start.mustEnd || length == 0 { outcome = .success(tokens.start.mayEnd ? 0 : nil) }
  }

  var isComplete: Bool { outcome != nil }

  func next(_ logits: Span<Float>, save: () -> SavedStream) -> WriterStep {
    do throws(ConstraintError) { return try step(logits, save) } catch {
      outcome = .failure(error)
      return .end
    }
  }

  private func step(_ logits: Span<Float>, _ save: () -> SavedStream) throws(ConstraintError) -> WriterStep {
    stepCount += 1
    if stepCount > ConstrainedWriter.triesCount * (length + 50) { return end(at: nil) }
    let last = places.count - 1
    savePlace(save)
    guard let (token, state) = try drawnToken(logits, last) else {
      if places[last].state.mayEnd { return end(at: places[last].end) }
      return places[last].end == 0 ? end(at: nil) : retreat()
    }
    if let candidateCount { drawn.append(DrawnToken(token, from: logits, candidateCount: candidateCount)) }
    append(token, state)
    return state.mustEnd || written.count == length ? endOrBeginAgain() : .read(token)
  }

  /// A token that may follow, and the state after it; nil where the text ends here, or nothing can follow.
  private func drawnToken(
    _ logits: Span<Float>, _ last: Int
  ) throws(ConstraintError) -> (TokenID, ConstrainedTokens.State)? {
    let limit = length - written.count - 1
    guard let token = sampler.draw(from: logits, leavingOut: places[last].refused, using: &random) else { return nil }
    if let state = try tokens.state(after: token, places[last].state, within: limit) { return (token, state) }
    let place = places[last]
    if place.state.mayEnd { return nil }
    if var refused = try tokens.refusals(place.state, within: limit) {
      for number in place.refused.indices where place.refused[number] { refused[number] = true }
      guard let token = sampler.draw(from: logits, leavingOut: refused, using: &random) else { return nil }
      return try tokens.state(after: token, place.state, within: limit).map { (token, $0) }
    }
    return try triedToken(logits, last, token, limit)
  }

  /// The same where only trying tells what may follow.
  private func triedToken(
    _ logits: Span<Float>, _ last: Int, _ first: TokenID, _ limit: Int
  ) throws(ConstraintError) -> (TokenID, ConstrainedTokens.State)? {
    refuse(first, last)
    var widening = 4
    while true {
      // Rather than draw and refuse them one by one, so many of the likeliest are tried at once, and each time more.
      for number in logits.leavingOut(places[last].refused).span.likeliest(widening)
      where try !tokens.allows(TokenID(number), places[last].state, within: limit) { refuse(TokenID(number), last) }
      widening *= 4
      guard let token = sampler.draw(from: logits, leavingOut: places[last].refused, using: &random) else { return nil }
      if let state = try tokens.state(after: token, places[last].state, within: limit) { return (token, state) }
      refuse(token, last)
    }
  }

  private func refuse(_ token: TokenID, _ place: Int) {
    if places[place].refused.isEmpty { places[place].refused = [Bool](repeating: false, count: vocabulary.count) }
    places[place].refused[Int(token)] = true
  }

  private func append(_ token: TokenID, _ state: ConstrainedTokens.State) {
    sampler.note(token)
    written.append(token)
    places.append(Place(state: state, end: written.count, earlierEnd: places[places.count - 1].lastEnd))
    if places.count > 2 * ConstrainedWriter.retreatCount {
      places.removeFirst(ConstrainedWriter.retreatCount)
      savedPlaces.removeAll { $0.end < places[0].end - ConstrainedWriter.savedDistance }
    }
  }

  private func endOrBeginAgain() -> WriterStep {
    // Where an earlier part may stand alone, it is the text; otherwise this beginning led nowhere.
    if let end = places[places.count - 1].lastEnd { return self.end(at: end) }
    return beginAgain()
  }

  private func end(at end: End?) -> WriterStep {
    outcome = .success(end)
    return .end
  }

  // MARK: Going back

  private func savePlace(_ save: () -> SavedStream) {
    let end = written.count
    guard end % ConstrainedWriter.savedDistance == 0, end > 0, savedPlaces.last?.end ?? 0 < end else { return }
    savedPlaces.append(SavedPlace(end: end, stream: save(), sampler: sampler))
  }

  /// Takes the last token back, which does not lead on.
  private func retreat() -> WriterStep {
    guard places.count > 1 else { return beginAgain() }
    places.removeLast()
    refuse(written.removeLast(), places.count - 1)
    if !drawn.isEmpty { drawn.removeLast() }
    savedPlaces.removeAll { $0.end >= written.count }
    return goBack()
  }

  /// Begins the text anew, with other random numbers.
  private func beginAgain() -> WriterStep {
    places = [Place(state: tokens.start, end: 0)]
    (written, drawn, savedPlaces) = ([], [], [])
    return goBack()
  }

  private func goBack() -> WriterStep {
    let saved = savedPlaces.last
    let rest = Array(written[(saved?.end ?? 0)...])
    sampler = saved?.sampler ?? firstSampler
    for token in rest { sampler.note(token) }
    return .goBack(saved?.stream, rest)
  }

  func sample() throws(ConstraintError) -> Sample? {
    guard let end = try outcome?.get() else { return nil }
    let utf8 = written[..<end].flatMap { vocabulary.bytes(of: $0) }
    return Sample(
      randomSeed: randomSeed, text: seed.text + String(decoding: utf8, as: UTF8.self), tokenCount: end,
      isStopped: false,
      documents: [], drawn: Array(drawn.prefix(end)))
  }
}
