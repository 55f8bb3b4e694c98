import CharLMText
import RecurrentNN

/// What a `SampleQueue` has written of a sample.
protocol SampleWriting: StreamWriter {
  /// What its stream reads before it is asked.
  var beginning: [TokenID] { get }

  /// Whether the sample is complete.
  var isComplete: Bool { get }

  /// The complete sample; nil where none came.
  /// - Throws: `ConstraintError` where it takes too much to find out what may follow.
  func sample() throws(ConstraintError) -> Sample?
}

/// Writes a sample of a certain length or number of documents, up to a stop text.
final class TextWriter: SampleWriting {
  private var sampler: TokenSampler
  private var random: SeededGenerator
  private let randomSeed: UInt64
  private var text: SampleText
  private var written: String
  private let candidateCount: Int?
  private var drawn: [DrawnToken] = []
  let beginning: [TokenID]

  /// - Parameters:
  ///   - sampler: has seen no token.
  ///   - tokens: those of the seed.
  init(_ sampler: TokenSampler, randomSeed: UInt64, _ text: SampleText, after tokens: [TokenID], _ candidateCount: Int?)
  {
    (self.sampler, self.randomSeed, self.text, self.candidateCount) = (sampler, randomSeed, text, candidateCount)
    random = SeededGenerator(seed: randomSeed)
    for token in tokens { self.sampler.note(token) }
    written = self.text.takeHead()
    let given = TextWriter.takeGiven(&self.text, &self.sampler, &written)
    beginning = tokens + given
  }

  var isComplete: Bool { !text.wantsMore }

  func next(_ logits: Span<Float>, save: () -> SavedStream) -> WriterStep {
    let token = sampler.draw(from: logits, using: &random)
    if let candidateCount { drawn.append(DrawnToken(token, from: logits, candidateCount: candidateCount)) }
    sampler.note(token)
    written += text.append(token)
    let given = TextWriter.takeGiven(&text, &sampler, &written)
    if isComplete { return .end }
    return given.isEmpty ? .read(token) : .readAll([token] + given)
  }

  /// Takes what the text gives instead of what is drawn.
  private static func takeGiven(
    _ text: inout SampleText, _ sampler: inout TokenSampler, _ written: inout String
  ) -> [TokenID] {
    var given: [TokenID] = []
    while text.wantsMore, let token = text.givenToken {
      sampler.note(token)
      written += text.append(token)
      given.append(token)
    }
    return given
  }

  func sample() -> Sample? {
    written += text.finish()
    return Sample(
      randomSeed: randomSeed, text: written, tokenCount: text.tokenCount, isStopped: text.isStopped,
      documents: text.documents, drawn: drawn)
  }
}
