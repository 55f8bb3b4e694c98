import CharLMFiles
import RecurrentNN
import TestSupport
import Testing

/// A module of one's own, as a user writes it.
private struct Tagger: Module {
  let embedding: Embedding
  let rnn = LSTM(4, 6, layers: 2, bidirectional: true, projectionSize: 3)
  let decoder = Linear(6, 5)
  var children: Children { ["embedding": embedding, "rnn": rnn, "decoder": decoder] }

  init(isFrozen: Bool = false) {
    embedding = isFrozen ? Embedding(vectors: Tensor.randn(7, 4)) : Embedding(7, 4)
  }
}

/// Two taggers and a dropout between them: names of names.
private struct Pair: Module {
  let first = Tagger()
  let second = Tagger(isFrozen: true)
  var children: Children { ["first": first, "dropout": Dropout(0.1), "second": second] }
}

/// A module of before there were names.
private struct Nameless: Module {
  let lower = Linear(2, 3)
  let upper = Linear(3, 2)
  var parameters: [ParameterStore] { lower.parameters + upper.parameters }
}

extension Module {
  /// Every bit, by name.
  fileprivate func bits(_ folder: ScratchFolder) throws -> [String: [UInt32]] {
    try save(to: folder("bits"))
    let tensors = try Safetensors.read(path: folder("bits")).tensors
    return Dictionary(
      uniqueKeysWithValues: tensors.map { tensor in
        guard case .float32(let values) = tensor.values else { return (tensor.name, []) }
        return (tensor.name, values.map(\.bitPattern))
      })
  }
}

@Suite struct ModuleFileTests {
  static let layers: [@Sendable () -> any Module] = [
    { RNN(3, 4, nonlinearity: .relu) }, { LSTM(3, 4, layers: 2, bidirectional: true, projectionSize: 2) },
    { GRU(3, 4, layers: 3, bias: false) }, { RNNCell(3, 4) }, { LSTMCell(3, 4) }, { GRUCell(3, 4, bias: false) },
    { Linear(3, 4) }, { Linear(3, 4, bias: false) }, { Embedding(5, 3, paddingIndex: 1) },
    { Embedding(vectors: Tensor.randn(5, 3)) }, { Tagger() }, { Pair() }, { Dropout() },
  ]

  @Test("what one module saves another of its kind loads, bit for bit", arguments: layers.indices)
  func roundTrip(_ index: Int) throws {
    let folder = try ScratchFolder()
    let (saved, loaded) = (Self.layers[index](), Self.layers[index]())
    try saved.save(to: folder("m"))
    let before = try loaded.bits(folder)
    try loaded.load(from: folder("m"))
    #expect(try loaded.bits(folder) == saved.bits(folder))
    if !before.isEmpty { #expect(try loaded.bits(folder) != before, "the layers began alike") }
    #expect(saved.namedParameters.map(\.name).sorted() == before.keys.sorted())
  }

  @Test("a loaded layer computes with what it loaded")
  func output() throws {
    let folder = try ScratchFolder()
    let (saved, loaded, input) = (LSTM(3, 4, layers: 2), LSTM(3, 4, layers: 2), Tensor.randn(5, 2, 3))
    // The packed weights are those of the first run until the parameters change.
    #expect(saved(input).output.values != loaded(input).output.values)
    try saved.save(to: folder("m"))
    try loaded.load(from: folder("m"))
    #expect(saved(input).output.values == loaded(input).output.values)
  }

  @Test("a module's names are PyTorch's: the member's, a dot, the parameter's; frozen vectors are among them")
  func names() throws {
    #expect(
      Tagger(isFrozen: true).namedParameters.map(\.name) == [
        "embedding.weight", "rnn.weight_ih_l0", "rnn.weight_hh_l0", "rnn.bias_ih_l0", "rnn.bias_hh_l0",
        "rnn.weight_hr_l0", "rnn.weight_ih_l0_reverse", "rnn.weight_hh_l0_reverse", "rnn.bias_ih_l0_reverse",
        "rnn.bias_hh_l0_reverse", "rnn.weight_hr_l0_reverse", "rnn.weight_ih_l1", "rnn.weight_hh_l1",
        "rnn.bias_ih_l1", "rnn.bias_hh_l1", "rnn.weight_hr_l1", "rnn.weight_ih_l1_reverse",
        "rnn.weight_hh_l1_reverse", "rnn.bias_ih_l1_reverse", "rnn.bias_hh_l1_reverse", "rnn.weight_hr_l1_reverse",
        "decoder.weight", "decoder.bias",
      ])
    #expect(Pair().namedParameters.last?.name == "second.decoder.bias")
    #expect(Tagger().parameterCount - Tagger(isFrozen: true).parameterCount == 7 * 4)
    let folder = try ScratchFolder()
    try Tagger().save(to: folder("m"))
    #expect(try Safetensors.readMetadata(path: folder("m")) == ["format": "pt"])
  }

  typealias Change = @Sendable (inout Safetensors) -> Void
  static let refusals: [(Change, ModuleFlaw, String)] = [
    (
      { $0.tensors.removeAll { $0.name == "bias" } }, .missingTensor("bias", expected: [4]),
      "the tensor bias of shape [4] is missing"
    ),
    (
      { $0.tensors.append(Safetensors.Tensor(name: "scale", shape: [1], values: .float32([1]))) },
      .unexpectedTensor("scale", found: [1]), "the module has no parameter scale of shape [1]"
    ),
    (
      { $0.tensors[0].shape.reverse() }, .shape("weight", expected: [4, 3], found: [3, 4]),
      "the tensor weight has the shape [3, 4], not [4, 3]"
    ),
    (
      { $0.tensors[1].values = .int64([1, 2, 3, 4]) }, .notFloating("bias", type: "I64"),
      "the tensor bias is of type I64, not of floating-point numbers"
    ),
  ]

  @Test("a file of other tensors is refused, and nothing is changed", arguments: refusals.indices)
  func refused(_ index: Int) throws {
    let (change, flaw, text) = Self.refusals[index]
    let folder = try ScratchFolder()
    let (layer, path) = (Linear(3, 4), folder("m"))
    try Linear(3, 4).save(to: path)
    var file = try Safetensors.read(path: path)
    change(&file)
    try file.write(to: path)
    let before = try layer.bits(folder)
    #expect(throws: ModuleFileError.module(source: path, flaw)) { try layer.load(from: path) }
    #expect(flaw.description == text)
    #expect(try layer.bits(folder) == before)
  }

  @Test("a damaged file is refused, and nothing is changed; a missing one too")
  func damaged() throws {
    let folder = try ScratchFolder()
    let (layer, path) = (Linear(3, 4), folder("m"))
    try Linear(3, 4).save(to: path)
    var bytes = try Files.read(path)
    bytes[bytes.count - 5] ^= 1
    try Files.writeAtomically(path) { (writer: inout FileWriter) throws(FileError) in try writer.write(bytes) }
    let before = try layer.bits(folder)
    #expect(throws: ModuleFileError.self) { try layer.load(from: path) }
    #expect(throws: ModuleFileError.file(.file(.notFound(path: folder("n"))))) { try layer.load(from: folder("n")) }
    #expect(try layer.bits(folder) == before)
  }

  @Test("two parameters of one name are refused: the parts need names")
  func repeatedNames() throws {
    let folder = try ScratchFolder()
    let flaw = ModuleFlaw.duplicateName("weight")
    #expect(throws: ModuleFileError.module(source: folder("m"), flaw)) { try Nameless().save(to: folder("m")) }
    #expect(throws: ModuleFileError.module(source: folder("m"), flaw)) { try Nameless().load(from: folder("m")) }
    #expect(folder.contents.isEmpty)
  }

  @Test("doubles become float32")
  func doubles() throws {
    let folder = try ScratchFolder()
    let file = Safetensors(
      metadata: ["format": "pt"],
      tensors: [
        .init(name: "weight", shape: [1, 2], values: .float64([0.1, -2])),
        .init(name: "bias", shape: [1], values: .float64([.pi])),
      ])
    try file.write(to: folder("m"))
    let layer = Linear(2, 1)
    try layer.load(from: folder("m"))
    #expect(layer.parameter("weight").values == [0.1, -2])
    #expect(layer.parameter("bias").values == [Float(Double.pi)])
  }
}
