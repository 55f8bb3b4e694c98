import CharLMText
import RecurrentNN

/// A model that reads and writes tokens one by one: a value that holds a state.
///
/// A copy goes on from where the original stands; beams, backing up and undo are copies. Copies share scratch memory
/// and belong to one thread; for another thread make another generator.
public struct Generator {
  /// The model it runs.
  public let model: LanguageModel
  private let engine: SingleStream
  private var state: [[Float]]
  private var logits: [Float]
  private var sampler: TokenSampler
  private var random: SeededGenerator
  private let neverDrawn: [Int32]

  /// A generator at the zero state.
  public init(_ model: LanguageModel, sampling: SamplingSettings = SamplingSettings(), randomSeed: UInt64) {
    self.model = model
    engine = SingleStream(model.snapshot)
    state = engine.zeroState
    logits = []
    sampler = TokenSampler(sampling)
    random = SeededGenerator(seed: randomSeed)
    let vocabulary = model.tokenizer.vocabulary
    neverDrawn = [vocabulary.unknownID, vocabulary.documentID].compactMap(\.self)
  }

  /// Reads a token: the state moves on. The document token begins a text anew, from the zero state.
  /// - Precondition: the token is in the model's vocabulary.
  public mutating func read(_ token: TokenID) {
    if token == model.tokenizer.vocabulary.documentID { state = engine.zeroState }
    engine.read(token, state: &state, logits: &logits)
    sampler.note(token)
  }

  /// Draws the next token, reads it and returns it. Special tokens are not drawn.
  /// - Precondition: at least one token was read.
  public mutating func next() -> TokenID {
    precondition(!logits.isEmpty, "a generator must read a token before it draws one")
    let present = logits
    let token = sampler.draw(from: present.span, excluding: neverDrawn, using: &random)
    read(token)
    return token
  }
}

/// The network for one row and one step at a time.
private final class SingleStream {
  private let shard: NetworkShard

  init(_ snapshot: ModelSnapshot) {
    shard = NetworkShard(snapshot.inferenceWeights(rowCount: 1, batchSize: 1), rowCount: 1, batchSize: 1)
    shard.walk.setUniform(stepCount: 1, batchSize: 1)
  }

  private var directions: [RecurrentDirection] { shard.stack.directions.flatMap(\.self) }

  /// For each layer h, and for an LSTM c.
  var zeroState: [[Float]] {
    directions.flatMap { direction in
      [direction.hidden, direction.cell].filter { $0.rowCount > 0 }.map { [Float](repeating: 0, count: $0.columnCount) }
    }
  }

  func read(_ token: TokenID, state: inout [[Float]], logits: inout [Float]) {
    let places = directions.flatMap { [$0.hidden, $0.cell].filter { $0.rowCount > 0 } }
    for (place, values) in zip(places, state) { place.row(0).copy(from: values) }
    shard.tokens[0] = token
    withEngineSettings { shard.forward(dropout: nil) }
    for (number, place) in places.enumerated() { state[number] = place.row(0).array }
    logits = shard.logits.row(0).array
  }
}
