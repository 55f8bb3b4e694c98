import CharLMText
import RecurrentNN

/// A model, or an ensemble, that reads and writes tokens one by one: a value that holds a state.
///
/// A copy goes on from where the original stands; beams, backing up and undo are copies. Copies share scratch memory
/// and belong to one thread; for another thread make another generator.
public struct Generator {
  /// How its tokens become text.
  public let tokenizer: Tokenizer
  private let network: StreamEnsemble
  private var state: EnsembleState
  private var sampler: TokenSampler
  private var random: SeededGenerator

  /// A generator at the zero state.
  /// - Parameters:
  ///   - precision: what the weights are kept in. A step is bound by reading them, so that bfloat16, which any CPU
  ///     widens as it reads, is nearly twice as fast; it changes probabilities in the third digit.
  ///   - threadCount: how many threads a step may use. Their number does not change what is written.
  public init(
    _ model: some TextModel, sampling: SamplingSettings = SamplingSettings(), randomSeed: UInt64,
    precision: Precision = .float32, threadCount: Int = 1
  ) {
    tokenizer = model.tokenizer
    network = StreamEnsemble(model.models, rowCount: 1, precision: precision, threadCount: threadCount)
    state = network.makeState()
    sampler = TokenSampler(sampling, tokenizer: tokenizer)
    random = SeededGenerator(seed: randomSeed)
  }

  /// Reads a token: the state moves on. The document token begins a text anew, from the zero state.
  /// - Precondition: the token is in the model's vocabulary.
  public mutating func read(_ token: TokenID) {
    let vocabulary = tokenizer.vocabulary
    precondition(token >= 0 && Int(token) < vocabulary.count, "token \(token) of a vocabulary of \(vocabulary.count)")
    if !isKnownUniquelyReferenced(&state) { state = state.copy() }
    if token == vocabulary.documentID { state.reset() }
    network.step({ _ in token }, state)
    sampler.note(token)
  }

  /// Draws the next token, reads it and returns it. Special tokens are not drawn.
  /// - Precondition: at least one token was read.
  public mutating func next() -> TokenID {
    precondition(state.hasRead, "a generator must read a token before it draws one")
    let token = sampler.draw(from: network.logits(state).row(0), using: &random)
    read(token)
    return token
  }
}
