import CharLMData
import CharLMText
import RecurrentNN

/// Scores a text, token by token: how surprising each is, and what the model took for likelier.
///
///     let scorer = TextScorer(model, text)
///     while let scores = try scorer.next() { for score in scores { print(score.range, score.bits ?? 0) } }
///
/// The sum of the bits is what `evaluate` says of the text; beyond 262,144 tokens, to 0.001 nats a token. Memory does not
/// grow with the text. With counts, surprisal is that of the mixture, and the likeliest tokens are those of the model
/// alone, because the mixture's would take a hundred times as long.
public final class TextScorer<Model: Predictor> {
  private let model: Model
  private let text: PlacedText
  private let evaluator: Evaluator
  private let guessCount: Int
  private var places: PlacedText.Places
  private var counts: AdaptiveCountsStream?
  private let communicator: Communicator
  /// How many tokens were scored.
  private var readCount = 0

  private static var windowLength: Int { 1 << 18 }

  /// A scorer at the beginning of a text.
  /// - Parameters:
  ///   - text: encoded with this model's tokenizer.
  ///   - counts: what learns from the text after each token was scored; nil for the model alone.
  ///   - guessCount: how many of the likeliest tokens are kept of each place.
  ///   - threadCount: does not change the result.
  ///   - communicator: the ranks that read the text together: each has a scorer, asks for the same pieces, and gets all
  ///     scores. What counts learn, each learns by itself.
  public init(
    _ model: Model, _ text: PlacedText, mixedWith counts: AdaptiveCounts? = nil, guessCount: Int = 3,
    threadCount: Int = 1, communicator: Communicator = .alone
  ) {
    (self.model, self.text) = (model, text)
    self.communicator = counts == nil ? communicator : .alone
    self.guessCount = min(guessCount, model.tokenizer.vocabulary.count)
    evaluator = Evaluator(model, threadCount: threadCount)
    places = text.places
    self.counts = counts?.makeStream()
  }

  /// The scores of the next tokens, at most 262,144; nil at the end.
  /// - Throws: `TokenFileError` where tokens lie in a file that cannot be read.
  public func next() throws(TokenFileError) -> [TokenScore]? {
    let tokens = text.evaluation.tokens
    guard readCount < tokens.count else { return nil }
    let end = min(tokens.count, max(readCount, 1) + TextScorer.windowLength)
    // The tokens that are predicted, and the one before them.
    let first = max(readCount, 1)
    let window = try tokens.tokens(first - 1..<end)
    let predicted = Array(window.dropFirst())
    let found = try predictions(predicted, from: first - 1)
    var scores: [TokenScore] = []
    scores.reserveCapacity(end - readCount)
    if readCount == 0, let token = window.first {
      scores.append(TokenScore(index: 0, token: token, range: places.next(token), bits: nil, likeliest: []))
    }
    for (number, token) in predicted.enumerated() {
      let guesses = number * guessCount..<(number + 1) * guessCount
      scores.append(
        TokenScore(
          index: first + number, token: token, range: places.next(token), bits: found.bits[number],
          likeliest: Array(found.guesses[guesses])))
    }
    readCount = end
    return scores
  }

  /// The surprisal of tokens, and the likeliest ones at each place.
  /// - Parameter start: where the token stands from which the first of them is predicted.
  private func predictions(
    _ tokens: [TokenID], from start: Int
  ) throws(TokenFileError) -> (bits: [Double], guesses: [TokenScore.Guess]) {
    let losses = Buffer<Float>(count: tokens.count)
    let guesses = Buffer<Guess>(count: tokens.count * guessCount)
    let opinions = counts.map { TreeOpinions($0.mixer.tree, of: tokens) }
    let room = guesses.view
    let observer = PredictionObserver(losses: losses.view) { [guessCount] number, logits in
      logits.likeliest(room[number * guessCount..<(number + 1) * guessCount])
      opinions?.set(number, logits)
    }
    let documentID = model.tokenizer.vocabulary.documentID
    _ = try evaluator.stateful(
      text.evaluation.tokens, predictions: start..<start + tokens.count, documentID: documentID, observer: observer,
      communicator: communicator)
    if !communicator.isAlone { merge(losses.view, room) }
    var bits = losses.view.array.map { Evaluation.bits(nats: Double($0)) }
    if let opinions, counts != nil {
      if start == 0 { counts?.read(try text.evaluation.tokens.tokens(0..<1)[0]) }
      for (number, token) in tokens.enumerated() {
        let nats = counts?.nats(reading: token, outside: opinions.way(to: number)) ?? 0
        bits[number] = Evaluation.bits(nats: nats)
      }
    }
    return (bits, room.array.map { TokenScore.Guess(token: $0.token, probability: $0.probability) })
  }

  /// Brings together what each rank has found in its part. (Numbers of tokens are exact in float32: a vocabulary has at most
  /// 10,000,000 rows.)
  private func merge(_ losses: View<Float>, _ guesses: View<Guess>) {
    communicator.merge(losses)
    let numbers = Buffer<Float>(count: 2 * guesses.count)
    for (index, guess) in guesses.array.enumerated() {
      (numbers.view[2 * index], numbers.view[2 * index + 1]) = (Float(guess.token), guess.probability)
    }
    communicator.merge(numbers.view)
    for index in 0..<guesses.count {
      guesses[index] = Guess(token: TokenID(numbers.view[2 * index]), probability: numbers.view[2 * index + 1])
    }
  }
}

/// A guess as a plain value that threads may write side by side.
private struct Guess: BitwiseCopyable {
  var token: TokenID
  var probability: Float
}

extension Span where Element == Float {
  /// Writes the likeliest tokens under these logits, the likeliest first, of equals the one of the lowest number.
  fileprivate func likeliest(_ guesses: View<Guess>) {
    guard guesses.count > 0 else { return }
    let sum = logSumOfExponentials
    var count = 0
    for token in indices where count < guesses.count || self[token] > guesses[count - 1].probability {
      var place = count < guesses.count ? count : count - 1
      while place > 0, self[token] > guesses[place - 1].probability {
        guesses[place] = guesses[place - 1]
        place -= 1
      }
      guesses[place] = Guess(token: TokenID(token), probability: self[token])
      count = Swift.min(count + 1, guesses.count)
    }
    for place in 0..<guesses.count {
      guesses[place].probability = Float(exponential(Double(guesses[place].probability) - sum))
    }
  }
}
