import CharLM
import CharLMText

/// A model's figure beside those of simple predictors, and what that means, in words.
struct YardstickText {
  private let yardstick: Yardstick
  private let unit: TextUnit
  /// Whether the ends of documents are predicted, too.
  private let hasDocuments: Bool
  /// The model's bits per token of the same text.
  private let bits: Double

  /// - Parameter tokenizer: the model's.
  init(_ yardstick: Yardstick, _ tokenizer: Tokenizer, modelBitsPerToken bits: Double) {
    (self.yardstick, self.bits) = (yardstick, bits)
    (unit, hasDocuments) = (tokenizer.settings.unit, tokenizer.vocabulary.documentID != nil)
  }

  /// "guessing 6.02, letter frequencies 4.31, a 5-gram 2.42, this model 1.76 bits per character".
  var comparison: String {
    let figures =
      baselines.map { "\($0.name) \(Quantity.fixed($0.bits, 2))" } + ["this model \(Quantity.fixed(bits, 2))"]
    let what = hasDocuments ? "token (\(unitName) or end of a document)" : unitName
    return figures.joined(separator: ", ") + " bits per \(what)" + part
  }

  /// The figures alone, from the worst to the best known method, the model's last.
  var baselines: [(name: String, bits: Double)] {
    Yardstick.Baseline.allCases.compactMap { baseline in
      yardstick.bitsPerToken[baseline].map { (name(baseline), $0) }
    }
  }

  /// What the comparison means.
  var meaning: String {
    guard let ngram = yardstick.bitsPerToken[.ngram], let unigram = yardstick.bitsPerToken[.unigram],
      let uniform = yardstick.bitsPerToken[.uniform]
    else {
      let guesses = Evaluation.choices(bits: bits)
      return "the model is as unsure as if it chose among \(Quantity.fixed(guesses, 1)) \(unitName)s each time"
    }
    if bits > 0.99 * uniform {
      return "the model predicts no better than guessing: it has not learned anything about such a text yet"
    }
    if bits > 0.99 * unigram {
      return "the model has not yet learned more than how frequent each \(unitName) is: train longer, or on more text"
    }
    let fiveGram = "a 5-gram, which looks up the last four \(unitName)s"
    if bits < 0.99 * ngram {
      return "the model predicts better than \(fiveGram): \(Quantity.fixed(100 * (1 - bits / ngram), 0))% fewer bits"
    }
    return bits < 1.01 * ngram
      ? "the model predicts as well as \(fiveGram); train longer to do better"
      : "\(fiveGram), still predicts better: train longer, or on more text"
  }

  private func name(_ baseline: Yardstick.Baseline) -> String {
    switch baseline {
    case .uniform: "guessing"
    case .unigram: "\(unit == .word || unit == .byte ? unitName : "letter") frequencies"
    case .ngram: "a 5-gram"
    }
  }

  /// What a person calls a token.
  private var unitName: String {
    switch unit {
    case .grapheme, .scalar: "character"
    case .byte: "byte"
    case .word: "word"
    }
  }

  /// What of a long text was read.
  private var part: String {
    guard yardstick.countedTokenCount < yardstick.trainTokenCount else { return "" }
    return " (5-gram and frequencies counted on the last \(Quantity.count(yardstick.countedTokenCount)) of "
      + "\(Quantity.count(yardstick.trainTokenCount)) training tokens)"
  }
}
