import RecurrentNN

/// Why a state dict of PyTorch was not read as a model.
public enum StateDictError: Error, Equatable, Sendable {
  /// The file cannot be read, or is no safetensors file.
  case checkpoint(CheckpointError)
  /// The tensors of `source` are not those of a network that charlm has.
  case stateDict(source: String, StateDictFlaw)
}

extension StateDictError: CustomStringConvertible {
  /// One line: which file, and what is wrong with it.
  public var description: String {
    switch self {
    case .checkpoint(let error): error.description
    case .stateDict(let source, let flaw): "\(source): \(flaw)"
    }
  }
}

/// What keeps a state dict from being a model.
public enum StateDictFlaw: Error, Equatable, Sendable {
  /// A part of the network.
  public enum Part: String, Sendable {
    /// `nn.Embedding`.
    case embedding = "nn.Embedding"
    /// `nn.LSTM`, `nn.GRU` or `nn.RNN`.
    case recurrent = "nn.LSTM, nn.GRU or nn.RNN"
    /// `nn.Linear`.
    case decoder = "nn.Linear"
  }

  /// It is a model of charlm.
  case isModel
  /// There is no tensor of a part; `width` is the number of columns that its weight must have, where that is known.
  case noPart(Part, width: Int?)
  /// Several tensors may be the part.
  case ambiguous(Part, names: [String])
  /// A tensor of a part that is there is missing.
  case missing(String)
  /// A layer has no bias, which charlm's have.
  case missingBias(String)
  /// The recurrent layers have projections.
  case projection(String)
  /// A single cell, which has no layers.
  case cell(String)
  /// The weight has not 1, 3 or 4 blocks of hidden-size rows.
  case gates(name: String, shape: [Int])
  /// A tensor has another shape than the others make it have.
  case shape(name: String, expected: [Int], found: [Int])
  /// A tensor that belongs to no part.
  case unexpected(String)
  /// A tensor of whole numbers.
  case notFloating(String)
  /// A tensor with NaN or infinity in it.
  case notFinite(String)
  /// A tensor with a number in it that is larger than those of any model.
  case tooLarge(String)
  /// A size that no network of charlm's has.
  case outOfRange(OutOfRange)
  /// An `nn.RNN` may have tanh or relu.
  case nonlinearityUnknown
  /// A nonlinearity was given for a cell with gates.
  case nonlinearityOfGates(CellKind)
  /// Layers that read in both directions without a vocabulary of outputs.
  case bidirectionalLanguageModel
  /// A tensor has another number of rows than the vocabulary has tokens.
  case vocabularySize(name: String, rows: Int, tokens: Int)
}

extension StateDictFlaw: CustomStringConvertible {
  /// What is wrong, naming the tensor, without the file.
  public var description: String {
    switch self {
    case .isModel: "is a model of charlm, not a plain state dict"
    case .noPart(let part, let width):
      "has no tensor of \(part.rawValue)" + (width.map { " (a weight with \($0) columns)" } ?? "")
    case .ambiguous(let part, let names):
      "\(names.joined(separator: " and ")) may each be the \(part.rawValue); a model of charlm has one"
    case .missing(let name): "the tensor \(name) is missing"
    case .missingBias(let name): "\(name) is missing: charlm's layers have biases (in PyTorch, bias=True)"
    case .projection(let name): "\(name): charlm's models have no projection (in PyTorch, proj_size=0)"
    case .cell(let name): "\(name) is a single cell's; a model of charlm has layers (nn.LSTM, nn.GRU, nn.RNN)"
    case .gates(let name, let shape):
      "\(name) has the shape \(shape), which is none of LSTM (4·H, H), GRU (3·H, H) and RNN (H, H)"
    case .shape(let name, let expected, let found): "\(name) has the shape \(found), not \(expected) as the others say"
    case .unexpected(let name): "\(name) belongs to no part of a model of charlm (Embedding, recurrent layers, Linear)"
    case .notFloating(let name): "\(name) holds whole numbers"
    case .notFinite(let name): "\(name) has values that are not finite"
    case .tooLarge(let name): "\(name) has values too large to compute with"
    case .outOfRange(let error): error.description
    case .nonlinearityUnknown: "is an nn.RNN, whose tensors do not say whether it has tanh or relu"
    case .nonlinearityOfGates(let cell): "is an \(cell.rawValue.uppercased()), which has no choice of nonlinearity"
    case .bidirectionalLanguageModel:
      "reads in both directions, which a language model cannot; a transducer has a vocabulary of outputs, too"
    case .vocabularySize(let name, let rows, let tokens):
      "\(name) has \(rows) rows, the vocabulary \(tokens) tokens"
    }
  }
}
