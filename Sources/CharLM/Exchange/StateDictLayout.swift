import CharLMFiles
import RecurrentNN

/// Which tensor of a state dict is what: found by the suffixes that PyTorch's recurrent layers give, and by shapes.
///
/// Letters: V tokens, E embedding, H hidden, D directions, G gates (RNN 1, GRU 3, LSTM 4).
struct StateDictLayout {
  /// The recurrent layers.
  let shape: RecurrentShape
  /// What stands before `weight_ih_l0`: the layers' name and a dot, or nothing.
  let recurrentPrefix: String
  /// The name of the embedding's weight (V, E).
  let embedding: String
  /// The name of the decoder's weight (V, D·H).
  let decoderWeight: String
  /// The name of the decoder's bias (V).
  let decoderBias: String
  let embeddingRows: Int
  let decoderRows: Int

  /// - Throws: `StateDictFlaw` where a part is missing, may be one of several, or is of a kind that charlm has not.
  init(_ content: Safetensors) throws(StateDictFlaw) {
    let shapes = Dictionary(content.tensors.map { ($0.name, $0.shape) }, uniquingKeysWith: { first, _ in first })
    let prefix = try StateDictLayout.recurrentPrefix(shapes)
    let shape = try StateDictLayout.recurrentShape(shapes, prefix: prefix)
    let recurrent = Set(shape.parameterShapes(prefix: prefix).map(\.name))
    let weights = shapes.filter { !recurrent.contains($0.key) && $0.key.isWeight && $0.value.count == 2 }
    let names = weights.keys.sorted()
    let width = shape.outputSize
    let embeddings = names.filter { shapes[$0.bias] == nil }
    let fitting = embeddings.filter { weights[$0]?[1] == shape.inputSize }
    let decoder = names.filter { shapes[$0.bias] != nil && weights[$0]?[1] == width }
    if decoder.isEmpty {
      // A Linear without a bias looks like an embedding.
      let other = embeddings.filter { weights[$0]?[1] == width && fitting != [$0] }
      if let name = other.last { throw .missingBias(name.bias) }
      throw .noPart(.decoder, width: width)
    }
    guard !fitting.isEmpty else { throw .noPart(.embedding, width: shape.inputSize) }
    guard fitting.count == 1 else { throw .ambiguous(.embedding, names: fitting) }
    guard decoder.count == 1 else { throw .ambiguous(.decoder, names: decoder) }
    (self.shape, recurrentPrefix) = (shape, prefix)
    (embedding, decoderWeight, decoderBias) = (fitting[0], decoder[0], decoder[0].bias)
    embeddingRows = weights[fitting[0]]?[0] ?? 0
    decoderRows = weights[decoder[0]]?[0] ?? 0
    let known = recurrent.union([embedding, decoderWeight, decoderBias])
    if let other = shapes.keys.sorted().first(where: { !known.contains($0) }) { throw .unexpected(other) }
  }

  /// The state dict's name for a parameter of charlm.
  func name(of parameter: String) -> String {
    switch parameter {
    case ParameterName.embedding: embedding
    case ParameterName.decoderWeight: decoderWeight
    case ParameterName.decoderBias: decoderBias
    default: recurrentPrefix + parameter.dropFirst(ParameterName.recurrentPrefix.count)
    }
  }

  private static func recurrentPrefix(_ shapes: [String: [Int]]) throws(StateDictFlaw) -> String {
    let first = "weight_ih_l0"
    let names = shapes.keys.filter { $0 == first || $0.hasSuffix("." + first) }.sorted()
    let prefixes = names.map { String($0.dropLast(first.count)) }
    guard let prefix = prefixes.first else {
      if let cell = shapes.keys.sorted().first(where: { $0 == "weight_ih" || $0.hasSuffix(".weight_ih") }) {
        throw .cell(cell)
      }
      throw .noPart(.recurrent, width: nil)
    }
    guard prefixes.count == 1 else { throw .ambiguous(.recurrent, names: prefixes.map { $0 + first }) }
    return prefix
  }

  /// The sizes by the first layer's weights; every other recurrent tensor must then have the shape that follows.
  private static func recurrentShape(
    _ shapes: [String: [Int]], prefix: String
  ) throws(StateDictFlaw) -> RecurrentShape {
    let (inputName, hiddenName) = (prefix + "weight_ih_l0", prefix + "weight_hh_l0")
    guard let input = shapes[inputName], let hidden = shapes[hiddenName] else { throw .missing(hiddenName) }
    if shapes[prefix + "weight_hr_l0"] != nil { throw .projection(prefix + "weight_hr_l0") }
    guard input.count == 2, hidden.count == 2, input[0] == hidden[0], input[1] > 0, hidden[1] > 0,
      hidden[0] % hidden[1] == 0,
      let cell = CellKind.allCases.first(where: { $0.gateCount == hidden[0] / hidden[1] })
    else { throw .gates(name: hiddenName, shape: hidden) }
    var layerCount = 1
    while shapes[prefix + "weight_ih_l\(layerCount)"] != nil { layerCount += 1 }
    let shape = RecurrentShape(
      cell: cell, inputSize: input[1], hiddenSize: hidden[1], layerCount: layerCount,
      isBidirectional: shapes[prefix + "weight_ih_l0_reverse"] != nil)
    for (name, expected) in shape.parameterShapes(prefix: prefix) {
      guard let found = shapes[name] else {
        throw name.dropFirst(prefix.count).hasPrefix("bias") ? .missingBias(name) : .missing(name)
      }
      guard found == expected else { throw .shape(name: name, expected: expected, found: found) }
    }
    return shape
  }
}

extension String {
  /// Whether it is a module's weight.
  fileprivate var isWeight: Bool { self == "weight" || hasSuffix(".weight") }

  /// The name of the bias beside a weight.
  fileprivate var bias: String { dropLast("weight".count) + "bias" }
}
