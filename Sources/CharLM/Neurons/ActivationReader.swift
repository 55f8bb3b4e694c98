import CharLMData
import CharLMText
import RecurrentNN

/// The activations of a network's units while it reads a text.
///
/// A unit's activation is c in an LSTM and h in the other cells, that between −1 and 1 (with ReLU, above 0). It is that
/// after a token was read. It is c and not tanh(c), because units that count, as of indentation, count far beyond 1, where
/// the tanh tells no more how far.
public final class ActivationReader {
  /// The activations of some tokens.
  public struct Chunk: Sendable {
    /// The number of the first token.
    public let start: Int
    /// The tokens.
    public let tokens: [TokenID]
    /// By layer: (tokens, H), row by row.
    public let activations: [[Float]]
    /// By layer: the gates between 0 and 1, (tokens, gates · H), row by row, in blocks in the order of `gateNames`.
    public let gates: [[Float]]
  }

  /// The names of the gates between 0 and 1: i, f and o of an LSTM, r and z of a GRU, none of an Elman cell.
  public let gateNames: [String]
  /// H.
  public let unitCount: Int
  /// L.
  public let layerCount: Int
  private let tokens: TokenText
  private let documentID: TokenID?
  private let cell: CellKind
  private let shard: NetworkShard
  private var readCount = 0

  private static let chunkLength = 256

  /// A reader at the beginning of a text, from the zero state.
  /// - Parameter tokens: of this model's tokenizer.
  public init(_ model: LanguageModel, _ tokens: TokenText) {
    let settings = model.snapshot.settings
    let length = ActivationReader.chunkLength
    (self.tokens, cell) = (tokens, settings.cell)
    (unitCount, layerCount) = (settings.hidden, settings.layers)
    documentID = model.tokenizer.vocabulary.documentID
    gateNames =
      switch settings.cell {
      case .lstm: ["input", "forget", "output"]
      case .gru: ["reset", "update"]
      case .rnn: []
      }
    shard = NetworkShard(
      model.snapshot.inferenceWeights(rowCount: length, batchSize: 1), rowCount: length, batchSize: 1)
    shard.stack.resetState()
  }

  /// The activations at the next tokens; nil at the end.
  /// - Throws: `TokenFileError` where tokens lie in a file that cannot be read.
  public func next() throws(TokenFileError) -> Chunk? {
    let start = readCount
    let read = try tokens.tokens(start..<min(start + ActivationReader.chunkLength, tokens.count))
    guard !read.isEmpty else { return nil }
    readCount += read.count
    shard.walk.setUniform(timeStepCount: read.count, batchSize: 1)
    for (step, token) in read.enumerated() {
      shard.tokens[step] = token
      if token == documentID { shard.walk.addReset(step: step, row: 0) }
    }
    shard.forward(noise: nil)
    let layers = shard.stack.directions.map { $0[0] }
    return Chunk(
      start: start, tokens: read, activations: layers.map { activations($0, read.count) },
      gates: layers.map { gates($0, read.count) })
  }

  private func activations(_ layer: RecurrentDirection, _ rowCount: Int) -> [Float] {
    var values: [Float] = []
    values.reserveCapacity(rowCount * unitCount)
    let H = unitCount
    for row in 0..<rowCount {
      let gates = layer.gates.row(row)
      switch cell {
      case .lstm:
        let entering = layer.enteringCell.row(row)
        for unit in 0..<H {
          values.append(gates[H + unit] * entering[unit] + gates[unit] * gates[2 * H + unit])
        }
      case .gru:
        let entering = layer.enteringHidden.row(row)
        for unit in 0..<H {
          let update = gates[H + unit]
          values.append((1 - update) * gates[2 * H + unit] + update * entering[unit])
        }
      case .rnn: for unit in 0..<H { values.append(gates[unit]) }
      }
    }
    return values
  }

  /// The blocks of the gates between 0 and 1, which leave out the candidate.
  private func gates(_ layer: RecurrentDirection, _ rowCount: Int) -> [Float] {
    let H = unitCount
    let blocks =
      switch cell {
      case .lstm: [0, 1, 3]
      case .gru: [0, 1]
      case .rnn: [Int]()
      }
    var values: [Float] = []
    values.reserveCapacity(rowCount * blocks.count * H)
    for row in 0..<rowCount {
      let gates = layer.gates.row(row)
      for block in blocks { for unit in 0..<H { values.append(gates[block * H + unit]) } }
    }
    return values
  }
}
