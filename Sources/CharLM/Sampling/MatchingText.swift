import CharLMText
import RecurrentNN

/// Samples that match a regular expression, as a whole and by construction.
///
/// Each token is drawn among those after which the text may still come to match, from the predictor's probabilities for
/// them. Where the text matches and the predictor wants to write something that would not, it ends. Where no token can
/// follow, the last one is taken back; where a text of full length does not match, a new one is begun.
///
///     let names = try MatchingText(model, TextExpression("[A-Z][a-z]{2,9}"), length: 50)
///     names.sample(randomSeed: 1)?.text  // "Tobin"
public struct MatchingText<Source: Predictor> {
  private let predictor: Source
  private let expression: TextExpression
  private let seed: SampleSeed
  private let length: Int
  private let filters: [any SamplingFilter]
  private let scalars: ScalarGuard
  private let options: StreamOptions
  private let candidateCount: Int?

  /// - Parameters:
  ///   - seed: is read before the text, and need not match.
  ///   - length: the most tokens of a text.
  ///   - precision, threadCount: see `StreamOptions`.
  ///   - candidateCount: how many of the likeliest tokens a sample's `drawn` has beside each one; nil where it is not
  ///     needed.
  public init(
    _ predictor: Source, _ expression: TextExpression, seed: SampleSeed = SampleSeed(), length: Int,
    sampling: SamplingSettings = SamplingSettings(), precision: Precision = .float32, threadCount: Int = 1,
    candidateCount: Int? = nil
  ) {
    self.candidateCount = candidateCount
    (self.predictor, self.expression, self.seed, self.length) = (predictor, expression, seed, length)
    filters = sampling.filters(for: predictor.tokenizer)
    scalars = ScalarGuard(vocabulary: predictor.tokenizer.vocabulary)
    options = StreamOptions(precision: precision, threadCount: threadCount)
  }

  /// A text on its way.
  private struct Draft {
    var generator: CharLM.Generator
    var scalars: ScalarGuard
    var utf8: [UInt8] = []
    var verdict: TextExpression.Verdict
    /// What was tried here, and does not lead on.
    var refused: Set<TokenID> = []
    /// The token that led here.
    var drawn: DrawnToken?
  }

  /// How often a text of full length may be drawn before none is believed to match.
  private static var triesCount: Int { 20 }

  /// A text that matches, after the seed's; nil where none came within the length.
  public func sample(randomSeed: UInt64) -> Sample? {
    var drafts = [beginning(randomSeed)]
    for _ in 0..<MatchingText.triesCount * (length + 50) {
      let draft = drafts[drafts.count - 1]
      if draft.verdict.matches, !draft.verdict.mayGoOn { return sample(drafts[...], randomSeed) }
      if drafts.count > length {
        // Where an earlier part matches, it is the text; otherwise this beginning led nowhere.
        if let end = drafts.lastIndex(where: \.verdict.matches) { return sample(drafts[...end], randomSeed) }
        let generator = draft.generator
        drafts.removeLast(drafts.count - 1)
        drafts[0].generator.continueRandomNumbers(of: generator)
        continue
      }
      switch step(&drafts[drafts.count - 1]) {
      case .token(let following): drafts.append(following)
      case .end: return sample(drafts[...], randomSeed)
      case nil:
        // The token that led here does not lead on.
        guard drafts.count > 1, let token = drafts.removeLast().generator.lastToken else { return nil }
        drafts[drafts.count - 1].refused.insert(token)
      }
    }
    return nil
  }

  private func beginning(_ randomSeed: UInt64) -> Draft {
    var generator = CharLM.Generator(
      predictor, filters: filters, randomSeed: randomSeed, precision: options.precision,
      threadCount: options.threadCount)
    for token in seed.tokens(startingFrom: predictor.startToken) { generator.read(token) }
    return Draft(generator: generator, scalars: scalars, verdict: expression.verdict(on: []))
  }

  private enum Step {
    case token(Draft)
    case end
  }

  /// What follows a text; nil where nothing can.
  private func step(_ draft: inout Draft) -> Step? {
    let vocabulary = predictor.tokenizer.vocabulary
    while let token = draft.generator.draw(leavingOut: draft.refused) {
      let utf8 = draft.utf8 + vocabulary.bytes(of: token)
      var scalars = draft.scalars
      scalars.append(token)
      // In the middle of a scalar it is not known yet what it makes of the text.
      let verdict =
        scalars.isWhole
        ? expression.verdict(on: utf8) : TextExpression.Verdict(matches: false, mayGoOn: draft.verdict.mayGoOn)
      if token != vocabulary.documentID, verdict.matches || verdict.mayGoOn {
        var following = Draft(generator: draft.generator, scalars: scalars, utf8: utf8, verdict: verdict)
        following.drawn = candidateCount.map { draft.generator.candidate(token, candidateCount: $0) }
        following.generator.read(token)
        return .token(following)
      }
      if draft.verdict.matches { return .end }
      draft.refused.insert(token)
    }
    return draft.verdict.matches ? .end : nil
  }

  private func sample(_ drafts: ArraySlice<Draft>, _ randomSeed: UInt64) -> Sample {
    let utf8 = drafts.last?.utf8 ?? []
    return Sample(
      randomSeed: randomSeed, text: seed.text + String(decoding: utf8, as: UTF8.self), tokenCount: drafts.count - 1,
      isStopped: false, documents: [], drawn: drafts.compactMap(\.drawn))
  }
}
