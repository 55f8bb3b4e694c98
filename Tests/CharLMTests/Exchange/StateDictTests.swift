import CharLMText
import RecurrentNN
import Testing

@testable import CharLM
@testable import CharLMData
@testable import CharLMFiles

@Suite("State dicts of PyTorch")
struct StateDictTests {
  static let vocabularyCount = 7

  /// A model with random parameters.
  private func model(_ settings: NetworkSettings, kind: ModelKind = .language) throws -> ModelSnapshot {
    let tokenizer = try self.tokenizer(StateDictTests.vocabularyCount)
    let count = StateDictTests.vocabularyCount
    return ModelSnapshot(
      kind: kind, created: "now", settings: settings, tokenizer: tokenizer, outputTokenizer: tokenizer,
      training: TrainingRecord(
        settings: TrainingSettings(
          batch: 1, bptt: 1, length: .steps(1), schedule: LearningRateSchedule(peak: 1), validationInterval: 1),
        corpus: CorpusRecord()),
      parameters: NetworkWeights.initialStore(settings, inputVocabulary: count, outputVocabulary: count, seed: 3))
  }

  private func tokenizer(_ count: Int) throws -> Tokenizer {
    let tokens = "abcdefghijk".prefix(count).map { Token(String($0)) }
    return Tokenizer(vocabulary: try Vocabulary(tokens: tokens), settings: TextSettings(unit: .scalar))
  }

  static let settings: [NetworkSettings] = CellKind.allCases.flatMap { cell in
    [1, 3].flatMap { layers in
      [false, true].map { tied in
        NetworkSettings(cell: cell, nonlinearity: .relu, layers: layers, hidden: 5, embedding: tied ? 5 : 4, tied: tied)
      }
    }
  }

  @Test("what is written comes back bit for bit", arguments: settings)
  func roundTrip(_ settings: NetworkSettings) throws {
    let model = try model(settings)
    let content = StateDict(of: model).content
    #expect(content.tensor(named: "decoder.weight") != nil)
    let parsed = try Safetensors(parsing: content.serialized(), source: "bytes")
    let read = try StateDict(parsed, source: "bytes").model(
      nonlinearity: settings.cell == .rnn ? .relu : nil, tokenizer: model.tokenizer)
    #expect(read.settings.tied == settings.tied)
    #expect(read.parameters.map(\.name) == model.parameters.map(\.name))
    for parameter in model.parameters {
      #expect(
        read.values(named: parameter.name).map(\.bitPattern) == model.values(named: parameter.name).map(\.bitPattern),
        "\(parameter.name)")
    }
  }

  @Test("members may have any names; both directions make a transducer")
  func otherNames() throws {
    let model = try model(
      NetworkSettings(cell: .gru, layers: 2, hidden: 5, embedding: 4, bidirectional: true), kind: .transducer)
    var content = StateDict(of: model).content
    for index in content.tensors.indices {
      content.tensors[index].name = content.tensors[index].name
        .replacing("embedding.", with: "net.wte.").replacing("rnn.", with: "net.core.0.").replacing(
          "decoder.", with: "head.")
    }
    let dictionary = StateDict(content, source: "s")
    let tokenizer = model.tokenizer
    let read = try dictionary.model(nonlinearity: nil, tokenizer: tokenizer, outputTokenizer: tokenizer)
    #expect(read.kind == .transducer)
    #expect((read.settings.cell, read.settings.layers, read.settings.hidden) == (.gru, 2, 5))
    #expect(read.settings.bidirectional)
    #expect(read.values(named: "rnn.weight_hh_l1_reverse") == model.values(named: "rnn.weight_hh_l1_reverse"))
    #expect(throws: StateDictError.stateDict(source: "s", .bidirectionalLanguageModel)) {
      try dictionary.model(nonlinearity: nil, tokenizer: tokenizer)
    }
  }

  @Test("a shared tensor that was written once is found by the metadata")
  func shared() throws {
    let model = try model(NetworkSettings(cell: .lstm, hidden: 5, embedding: 5, tied: true))
    var content = StateDict(of: model).content
    content.tensors.removeAll { $0.name == "embedding.weight" }
    content.metadata["embedding.weight"] = "decoder.weight"
    let read = try StateDict(content, source: "s").model(nonlinearity: nil, tokenizer: model.tokenizer)
    #expect(read.settings.tied)
  }

  /// A change to the state dict of a 2-layer LSTM and the flaw that it is.
  struct Case: Sendable, CustomTestStringConvertible {
    let message: String
    let change: @Sendable (inout [Safetensors.Tensor]) -> Void
    var testDescription: String { message }

    static func tensor(_ name: String, _ shape: [Int]) -> Safetensors.Tensor {
      .init(name: name, shape: shape, values: .float32(Array(repeating: 0, count: shape.reduce(1, *))))
    }

    static let all = [
      Case(message: "s: rnn.bias_hh_l1 is missing: charlm's layers have biases (in PyTorch, bias=True)") {
        $0.removeAll { $0.name == "rnn.bias_hh_l1" }
      },
      Case(message: "s: decoder.bias is missing: charlm's layers have biases (in PyTorch, bias=True)") {
        $0.removeAll { $0.name == "decoder.bias" }
      },
      Case(message: "s: the tensor rnn.weight_hh_l1 is missing") { $0.removeAll { $0.name == "rnn.weight_hh_l1" } },
      Case(message: "s: has no tensor of nn.Embedding (a weight with 4 columns)") {
        $0.removeAll { $0.name == "embedding.weight" }
      },
      Case(message: "s: has no tensor of nn.LSTM, nn.GRU or nn.RNN") { $0.removeAll { $0.name.hasPrefix("rnn") } },
      Case(message: "s: embedding.weight and other.weight may each be the nn.Embedding; a model of charlm has one") {
        $0.append(tensor("other.weight", [7, 4]))
      },
      Case(message: "s: decoder.weight and mid.weight may each be the nn.Linear; a model of charlm has one") {
        $0 += [tensor("mid.weight", [6, 5]), tensor("mid.bias", [6])]
      },
      Case(
        message: "s: b.weight_ih_l0 and rnn.weight_ih_l0 may each be the nn.LSTM, nn.GRU or nn.RNN; "
          + "a model of charlm has one"
      ) { $0.append(tensor("b.weight_ih_l0", [20, 4])) },
      Case(message: "s: norm.weight belongs to no part of a model of charlm (Embedding, recurrent layers, Linear)") {
        $0.append(tensor("norm.weight", [5]))
      },
      Case(message: "s: rnn.weight_hr_l0: charlm's models have no projection (in PyTorch, proj_size=0)") {
        $0.append(tensor("rnn.weight_hr_l0", [3, 5]))
      },
      Case(message: "s: rnn.weight_ih_l1 has the shape [20, 6], not [20, 5] as the others say") {
        $0[$0.firstIndex { $0.name == "rnn.weight_ih_l1" } ?? 0] = tensor("rnn.weight_ih_l1", [20, 6])
      },
      Case(message: "s: cell.weight_ih is a single cell's; a model of charlm has layers (nn.LSTM, nn.GRU, nn.RNN)") {
        $0.removeAll { $0.name.hasPrefix("rnn") }
        $0.append(tensor("cell.weight_ih", [20, 4]))
      },
      Case(
        message:
          "s: rnn.weight_hh_l0 has the shape [10, 5], which is none of LSTM (4·H, H), GRU (3·H, H) and RNN (H, H)"
      ) {
        for (name, width) in [("rnn.weight_ih_l0", 4), ("rnn.weight_hh_l0", 5)] {
          $0[$0.firstIndex { $0.name == name } ?? 0] = tensor(name, [10, width])
        }
      },
    ]
  }

  @Test("what is no model is refused, naming the tensor", arguments: Case.all)
  func refusals(_ example: Case) throws {
    let model = try model(NetworkSettings(cell: .lstm, layers: 2, hidden: 5, embedding: 4))
    var content = StateDict(of: model).content
    example.change(&content.tensors)
    let error = #expect(throws: StateDictError.self) {
      try StateDict(content, source: "s").model(nonlinearity: nil, tokenizer: model.tokenizer)
    }
    #expect(error?.description == example.message)
  }

  @Test("nonlinearity and vocabulary must fit")
  func given() throws {
    let lstm = try StateDict(of: model(NetworkSettings(cell: .lstm, hidden: 5, embedding: 4)), source: "s")
    let rnn = try StateDict(of: model(NetworkSettings(cell: .rnn, hidden: 5, embedding: 4)), source: "s")
    let tokenizer = try tokenizer(7)
    #expect(throws: StateDictError.stateDict(source: "s", .nonlinearityUnknown)) {
      try rnn.model(nonlinearity: nil, tokenizer: tokenizer)
    }
    #expect(throws: StateDictError.stateDict(source: "s", .nonlinearityOfGates(.lstm))) {
      try lstm.model(nonlinearity: .relu, tokenizer: tokenizer)
    }
    #expect(
      throws: StateDictError.stateDict(source: "s", .vocabularySize(name: "embedding.weight", rows: 7, tokens: 6))
    ) {
      try lstm.model(nonlinearity: nil, tokenizer: try self.tokenizer(6))
    }
  }

  @Test("what charlm would not read again is not made")
  func beyondLimits() throws {
    let model = try model(NetworkSettings(cell: .lstm, hidden: 5, embedding: 4))
    var content = StateDict(of: model).content
    let number = try #require(content.tensors.firstIndex { $0.name == "decoder.bias" })
    content.tensors[number].values = .float32([Float](repeating: 1e16, count: content.tensors[number].shape[0]))
    #expect(throws: StateDictError.stateDict(source: "s", .tooLarge("decoder.bias"))) {
      try StateDict(content, source: "s").model(nonlinearity: nil, tokenizer: model.tokenizer)
    }
    let layers = try self.model(NetworkSettings(cell: .gru, layers: 1001, hidden: 1, embedding: 1))
    #expect(
      throws: StateDictError.stateDict(
        source: "s", .outOfRange(.init(name: "layers", value: "1001", range: "from 1 to 1000")))
    ) {
      try StateDict(of: layers, source: "s").model(nonlinearity: nil, tokenizer: layers.tokenizer)
    }
  }
}
