import CharLMText
import RecurrentNN

/// Looks for likely texts: keeps, from token to token, the likeliest beginnings of a number that is given, the beam.
///
/// Texts end with their document, where the predictor knows documents, or where a constraint lets them; of different
/// lengths, those with the largest mean of ln p for each token are best. (That is the length normalization of Wu et al.
/// 2016, equation 14, with α = 1 and without its constant of 5.) The likeliest text is rarely the best to read: it repeats
/// itself, as all search for the maximum does (Holtzman et al. 2020); a beam is for short texts and texts of a shape.
///
///     let search = try BeamSearch(model, width: 8, seed: try SampleSeed("Once ", for: model), length: 60)
///     try search.texts().first?.text
public struct BeamSearch<Source: Predictor> {
  private let predictor: Source
  private let width: Int
  private let constraint: (any TextConstraint)?
  private let seed: SampleSeed
  private let length: Int
  private let tokens: ConstrainedTokens
  private let options: StreamOptions

  /// - Parameters:
  ///   - width: how many beginnings are kept.
  ///   - constraint: at the beginning of a text; nil for any texts.
  ///   - seed: is read before the texts.
  ///   - length: the most tokens of a text.
  ///   - sampling: what must not be drawn is left out; its other filters do not count.
  ///   - precision: what a network's weights are kept in; see `StreamOptions`.
  ///   - threadCount: how many threads a step may use.
  /// - Throws: `ConstraintError.impossible` where the predictor cannot write any text that is allowed.
  public init(
    _ predictor: Source, width: Int, constraint: (any TextConstraint)? = nil, seed: SampleSeed = SampleSeed(),
    length: Int, sampling: SamplingSettings = SamplingSettings(), precision: StreamPrecision = .float32,
    threadCount: Int = 1
  ) throws(ConstraintError) {
    require(width >= 1, "a beam of \(width), which is not at least 1")
    (self.predictor, self.width, self.constraint) = (predictor, width, constraint)
    (self.seed, self.length) = (seed, length)
    tokens = try ConstrainedTokens(
      constraint ?? AnyText(), for: predictor.tokenizer,
      excluding: sampling.excludedTokens(of: predictor.tokenizer.vocabulary))
    options = StreamOptions(precision: precision, threadCount: threadCount)
  }

  /// The beginning of a text.
  private struct Beam {
    var stream: Source.Stream
    var state: ConstrainedTokens.State
    var score = Score()
  }

  /// A text, as far as it is written: its last token in the history of all.
  private struct Score {
    var last: Int?
    var tokenCount = 0
    var logProbability = 0.0

    var mean: Double { logProbability / Double(max(tokenCount, 1)) }
  }

  /// A beginning with one token more.
  private struct Extension {
    let beam: Int
    let token: TokenID
    let state: ConstrainedTokens.State
    let logProbability: Double
  }

  /// The tokens of all beginnings; those that begin alike share theirs.
  private typealias History = [(token: TokenID, earlier: Int?)]

  /// The best texts with their mean log-probabilities, at most as many as the beam is wide, the best first; none where no
  /// text may end within the length.
  /// - Throws: `ConstraintError` where it takes too much to find out what may follow.
  public func texts() throws(ConstraintError) -> [Sample] {
    var (beams, history, finished) = ([beginning], History(), [Score]())
    for tokenCount in 0..<length where !beams.isEmpty {
      var extensions: [Extension] = []
      for index in beams.indices { extensions += try self.extensions(of: beams[index], index) }
      extensions.sort { ($0.logProbability, $1.beam, $1.token) > ($1.logProbability, $0.beam, $0.token) }
      var next: [Beam] = []
      for following in extensions.prefix(width) {
        var beam = beams[following.beam]
        history.append((following.token, beam.score.last))
        beam.score = Score(
          last: history.count - 1, tokenCount: tokenCount + 1, logProbability: following.logProbability)
        beam.state = following.state
        if isEnd(following.token) {
          finished.append(beam.score)
          continue
        }
        let isLast = tokenCount + 1 == length
        if constraint == nil ? isLast : beam.state.mayEnd { finished.append(beam.score) }
        guard !isLast, !beam.state.mustEnd else { continue }
        beam.stream.read(following.token)
        next.append(beam)
      }
      finished = Array(finished.sorted { $0.mean > $1.mean }.prefix(width))
      beams = next.filter { mayWin($0, finished) }
    }
    return finished.map { found($0, history) }
  }

  private func isEnd(_ token: TokenID) -> Bool { token == predictor.tokenizer.vocabulary.documentID }

  private var beginning: Beam {
    var stream = predictor.makeStream(options)
    for token in seed.tokens(startingFrom: predictor.startToken) { stream.read(token) }
    return Beam(stream: stream, state: tokens.start)
  }

  /// Whether a beginning may still become one of the best: at most, all that follows is certain.
  private func mayWin(_ beam: Beam, _ finished: [Score]) -> Bool {
    guard finished.count == width, let worst = finished.last else { return true }
    return beam.score.logProbability / Double(length) > worst.mean
  }

  /// The likeliest tokens that may follow, as many as the beam is wide.
  private func extensions(of beam: Beam, _ index: Int) throws(ConstraintError) -> [Extension] {
    let (ordered, logits, logSum) = beam.stream.withLogits { logits in
      let ordered = logits.indices.sorted { (logits[$0], $1) > (logits[$1], $0) }
      return (ordered, logits.indices.map { logits[$0] }, logits.logSumOfExponentials)
    }
    var extensions: [Extension] = []
    for number in ordered where !tokens.isExcluded[number] && logits[number] > -.infinity {
      if extensions.count == width { break }
      let token = TokenID(number)
      guard let state = try state(after: token, beam) else { continue }
      let logProbability = beam.score.logProbability + Double(logits[number]) - logSum
      extensions.append(Extension(beam: index, token: token, state: state, logProbability: logProbability))
    }
    return extensions
  }

  /// nil where a token may not follow.
  private func state(after token: TokenID, _ beam: Beam) throws(ConstraintError) -> ConstrainedTokens.State? {
    if isEnd(token) { return constraint == nil && beam.state.pending.isEmpty ? beam.state : nil }
    return try tokens.state(after: token, beam.state, within: length - beam.score.tokenCount - 1)
  }

  private func found(_ score: Score, _ history: History) -> Sample {
    var (tokens, place) = ([TokenID](), score.last)
    while let last = place {
      tokens.append(history[last].token)
      place = history[last].earlier
    }
    var decoder = StreamingDecoder(vocabulary: predictor.tokenizer.vocabulary)
    let text = tokens.reversed().reduce("") { $0 + decoder.append($1) } + decoder.finishWhole()
    return Sample(
      randomSeed: 0, text: seed.text + text, tokenCount: score.tokenCount, isStopped: false, documents: [],
      meanLogProbability: score.mean)
  }
}

/// No constraint: all that is well-formed may follow.
private struct AnyText: TextConstraint {
  var mayEnd: Bool { true }
  var mayGoOn: Bool { true }
  var shortestRest: Int? { 0 }
  func following(_ scalars: [Unicode.Scalar]) -> AnyText? { self }
}
