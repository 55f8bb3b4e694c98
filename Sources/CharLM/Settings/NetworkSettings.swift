import RecurrentNN

/// The sizes and options of a network: Embedding → stacked cells → Linear. The checkpoint's `model` object.
public struct NetworkSettings: Codable, Hashable, Sendable {
  /// The recurrence.
  public var cell: CellKind
  /// What an Elman cell applies; other cells do not ask.
  public var nonlinearity: Nonlinearity
  /// The number of stacked layers.
  public var layers: Int
  /// The width of a layer's state.
  public var hidden: Int
  /// The width of a token's vector.
  public var embedding: Int
  /// The probability with which an output of a layer is dropped in training, between layers and before the decoder.
  public var dropout: Float
  /// Whether the decoder's weight is the embedding's.
  public var tied: Bool
  /// Whether each layer also reads from the end; for transduction only.
  public var bidirectional: Bool
  /// Added to the forget rows of a new LSTM's `bias_ih`. PyTorch has 0; charlm's default is 1, so that a new cell
  /// remembers (Jozefowicz et al. 2015).
  public var forgetBias: Float
  /// Whether the cells normalize what their gates get from the input and from the state (Ba et al. 2016).
  public var layerNorm: Bool
  /// The rounds in which a cell's input and state gate each other before it reads them, 0 to 6 (the mogrifier of Melis et
  /// al. 2020).
  public var mogrifierRounds: Int

  /// A network's settings.
  public init(
    cell: CellKind = .lstm, nonlinearity: Nonlinearity = .tanh, layers: Int = 1, hidden: Int = 256,
    embedding: Int = 64, dropout: Float = 0, tied: Bool = false, bidirectional: Bool = false, forgetBias: Float = 1,
    layerNorm: Bool = false, mogrifierRounds: Int = 0
  ) {
    self.cell = cell
    self.nonlinearity = nonlinearity
    self.layers = layers
    self.hidden = hidden
    self.embedding = embedding
    self.dropout = dropout
    self.tied = tied
    self.bidirectional = bidirectional
    self.forgetBias = forgetBias
    self.layerNorm = layerNorm
    self.mogrifierRounds = mogrifierRounds
  }

  /// What models of earlier versions lack is as it was then.
  public init(from decoder: any Decoder) throws {
    let fields = try decoder.container(keyedBy: CodingKeys.self)
    func value<Value: Decodable>(_ key: CodingKeys) throws -> Value { try fields.decode(Value.self, forKey: key) }
    self.init(
      cell: try value(.cell), nonlinearity: try value(.nonlinearity), layers: try value(.layers),
      hidden: try value(.hidden), embedding: try value(.embedding), dropout: try value(.dropout),
      tied: try value(.tied), bidirectional: try value(.bidirectional), forgetBias: try value(.forgetBias),
      layerNorm: try value(.layerNorm),
      mogrifierRounds: try fields.decodeIfPresent(Int.self, forKey: .mogrifierRounds) ?? 0)
  }

  /// The number of parameters of a network with these settings. A tied decoder counts once.
  public func parameterCount(inputVocabulary: Int, outputVocabulary: Int) -> Int {
    parameterShapes(inputVocabulary: inputVocabulary, outputVocabulary: outputVocabulary)
      .reduce(0) { $0 + $1.shape.reduce(1, *) }
  }

  package var shape: RecurrentShape {
    var shape = RecurrentShape(
      cell: cell, nonlinearity: nonlinearity, inputSize: embedding, hiddenSize: hidden, layerCount: layers,
      isBidirectional: bidirectional)
    shape.hasLayerNorm = layerNorm
    shape.mogrifierRounds = mogrifierRounds
    return shape
  }

  /// Every parameter by PyTorch's names, in order.
  package func parameterShapes(inputVocabulary: Int, outputVocabulary: Int) -> [(name: String, shape: [Int])] {
    [(name: ParameterName.embedding, shape: [inputVocabulary, embedding])]
      + shape.parameterShapes(prefix: ParameterName.recurrentPrefix)
      + (tied ? [] : [(name: ParameterName.decoderWeight, shape: [outputVocabulary, shape.outputSize])])
      + [(name: ParameterName.decoderBias, shape: [outputVocabulary])]
  }
}
