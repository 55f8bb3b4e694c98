import CharLMText
import RecurrentNN

extension TextStream {
  /// A short sample to look at: so many tokens, and of a predictor that knows documents only the whole ones among them, if
  /// one ends.
  package static func excerpt(
    of predictor: some Predictor, length: Int, sampling: SamplingSettings = SamplingSettings(), randomSeed: UInt64
  ) -> String {
    guard let document = predictor.tokenizer.vocabulary.documentID else {
      return TextStream(predictor, length: length, sampling: sampling, randomSeed: randomSeed).joined()
    }
    var generator = CharLM.Generator(predictor, sampling: sampling, randomSeed: randomSeed)
    generator.read(predictor.startToken)
    let tokens = (0..<length).map { _ in generator.next() }
    let whole = tokens.lastIndex(of: document).map { tokens[..<$0] } ?? tokens[...]
    var text = SampleText(of: predictor, seed: SampleSeed(), length: length)
    return whole.reduce("") { $0 + text.append($1) } + text.finish()
  }
}
