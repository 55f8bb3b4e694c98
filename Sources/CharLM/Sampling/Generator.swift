import CharLMText
import RecurrentNN

/// A model that reads and writes tokens one by one: a value that holds a state.
///
/// A copy goes on from where the original stands; beams, backing up and undo are copies. Copies share scratch memory
/// and belong to one thread; for another thread make another generator.
public struct Generator {
  /// The model it runs.
  public let model: LanguageModel
  private let network: StreamNetwork
  private var state: GeneratorState
  private var sampler: TokenSampler
  private var random: SeededGenerator

  /// A generator at the zero state.
  /// - Parameters:
  ///   - precision: what the weights are kept in. A step is bound by reading them, so that bfloat16, which any CPU
  ///     widens as it reads, is nearly twice as fast; it changes probabilities in the third digit.
  ///   - threadCount: how many threads a step may use. Their number does not change what is written.
  public init(
    _ model: LanguageModel, sampling: SamplingSettings = SamplingSettings(), randomSeed: UInt64,
    precision: Precision = .float32, threadCount: Int = 1
  ) {
    self.model = model
    network = StreamNetwork(model.snapshot, rowCount: 1, precision: precision, threadCount: threadCount)
    state = GeneratorState(network)
    sampler = TokenSampler(sampling, tokenizer: model.tokenizer)
    random = SeededGenerator(seed: randomSeed)
  }

  /// Reads a token: the state moves on. The document token begins a text anew, from the zero state.
  /// - Precondition: the token is in the model's vocabulary.
  public mutating func read(_ token: TokenID) {
    let vocabulary = model.tokenizer.vocabulary
    precondition(token >= 0 && Int(token) < vocabulary.count, "token \(token) of a vocabulary of \(vocabulary.count)")
    if !isKnownUniquelyReferenced(&state) { state = state.copy(network) }
    if token == vocabulary.documentID { state.stream.reset() }
    network.step({ _ in token }, state.stream, logits: state.logits)
    state.hasRead = true
    sampler.note(token)
  }

  /// Draws the next token, reads it and returns it. Special tokens are not drawn.
  /// - Precondition: at least one token was read.
  public mutating func next() -> TokenID {
    precondition(state.hasRead, "a generator must read a token before it draws one")
    let token = sampler.draw(from: state.logits.view, using: &random)
    read(token)
    return token
  }
}

/// A generator's state and the logits that go with it; shared by copies until one moves on.
private final class GeneratorState {
  let stream: StreamState
  let logits: Buffer<Float>
  var hasRead = false

  init(_ network: StreamNetwork) {
    stream = network.makeState()
    logits = network.makeLogits()
  }

  private init(_ other: GeneratorState, _ network: StreamNetwork) {
    stream = other.stream.copy()
    logits = network.makeLogits()
    logits.view.copy(from: other.logits.view)
    hasRead = other.hasRead
  }

  func copy(_ network: StreamNetwork) -> GeneratorState { GeneratorState(self, network) }
}
