import CharLM
import CharLMText

/// Predicts by the last token alone: a predictor that is no network, as somebody who uses the library would write one.
struct Bigrams: Predictor {
  let tokenizer: Tokenizer
  /// By the last token: the logits of the next.
  var logits: [[Float]]

  func makeStream(_ options: StreamOptions) -> Stream { Stream(logits: logits) }

  struct Stream: PredictorStream {
    let logits: [[Float]]
    var last: TokenID?

    mutating func read(_ token: TokenID) { last = token }

    func withLogits<Result>(_ body: (Span<Float>) -> Result) -> Result {
      let row = logits[last.map(Int.init) ?? 0]
      return body(row.span)
    }
  }
}

/// Predicts each token by its frequency alone: the example of `Predictor`'s documentation.
struct Unigram: Predictor {
  let tokenizer: Tokenizer
  let logits: [Float]
  func makeStream(_ options: StreamOptions) -> Stream { Stream(logits: logits) }

  struct Stream: PredictorStream {
    let logits: [Float]
    mutating func read(_ token: TokenID) {}
    func withLogits<Result>(_ body: (Span<Float>) -> Result) -> Result { body(logits.span) }
  }
}

/// A language model that does not say that it is a network, so that all goes token by token.
struct Disguised: Predictor {
  let model: LanguageModel
  var tokenizer: Tokenizer { model.tokenizer }
  var startToken: TokenID { model.startToken }
  func makeStream(_ options: StreamOptions) -> NetworkStream { model.makeStream(options) }
}
