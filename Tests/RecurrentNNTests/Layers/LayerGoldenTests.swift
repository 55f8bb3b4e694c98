import Testing

@testable import RecurrentNN

@Suite struct LayerGoldenTests {
  static let files = ["rnn-tanh", "rnn-relu", "lstm", "lstm-projected", "gru"]

  @Test("a layer's outputs, final states and gradients are PyTorch's", arguments: files)
  func layers(_ name: String) throws {
    let file = try GoldenFile(name)
    #expect(file.cases.count == 32)
    for example in file.cases {
      let golden = file.golden(example)
      let depth = golden.has("3") ? 3 : 1
      let (bias, batchFirst) = (!golden.has("nobias"), golden.has("batchfirst"))
      let bidirectional = golden.has("bidirectional")
      switch name {
      case "gru":
        let layer = GRU(2, 3, layers: depth, bias: bias, batchFirst: batchFirst, bidirectional: bidirectional)
        try check(golden, layer)
      case "lstm", "lstm-projected":
        let layer = LSTM(
          2, 3, layers: depth, bias: bias, batchFirst: batchFirst, bidirectional: bidirectional,
          projectionSize: golden.has("projected") ? 2 : 0)
        try check(golden, layer)
      default:
        let layer = RNN(
          2, 3, layers: depth, nonlinearity: golden.has("relu") ? .relu : .tanh, bias: bias, batchFirst: batchFirst,
          bidirectional: bidirectional)
        try check(golden, layer)
      }
    }
  }

  private func check(_ golden: Golden, _ layer: some RecurrentLayer) throws {
    try golden.load(into: layer.core.store)
    let input = try golden.tensor("input").recorded()
    var leaves = ["input": input, "h0": try golden.tensor("h0").recorded()]
    var states = [leaves["h0"]].compactMap(\.self)
    if layer is LSTM {
      let cell = try golden.tensor("c0").recorded()
      leaves["c0"] = cell
      states.append(cell)
    }
    var outputs: [String: Tensor] = [:]
    let final: [Tensor]
    if golden.has("packed") {
      let batchFirst = layer.options.batchFirst
      let packed = try PackedSequence.pack(
        padded: input, lengths: golden.integers("lengths"), batchFirst: batchFirst, enforceSorted: false)
      let result = layer.run(packed, states: states)
      outputs["output"] = try result.output.padded(batchFirst: batchFirst).sequences
      final = result.states
    } else {
      let result = layer.run(input, states: states)
      outputs["output"] = result.output
      final = result.states
    }
    for (name, state) in zip(["hn", "cn"], final) { outputs[name] = state }
    try golden.check(outputs, leaves: leaves, store: layer.core.store)
  }

  @Test("a cell's new state and gradients are PyTorch's")
  func cells() throws {
    let file = try GoldenFile("cells")
    #expect(file.cases.count == 16)
    for example in file.cases {
      let golden = file.golden(example)
      let bias = !golden.has("nobias")
      if golden.has("lstm") {
        try check(golden, LSTMCell(2, 3, bias: bias))
      } else if golden.has("gru") {
        try check(golden, GRUCell(2, 3, bias: bias))
      } else {
        try check(golden, RNNCell(2, 3, bias: bias, nonlinearity: golden.has("relu") ? .relu : .tanh))
      }
    }
  }

  private func check(_ golden: Golden, _ cell: some RecurrentCell) throws {
    try golden.load(into: cell.core.store)
    var leaves: [String: Tensor] = [:]
    for name in cell is LSTMCell ? ["input", "h0", "c0"] : ["input", "h0"] {
      leaves[name] = try golden.tensor(name).recorded()
    }
    let states = [leaves["h0"], leaves["c0"]].compactMap(\.self)
    let final = cell.step(try #require(leaves["input"]), states: states)
    let outputs = Dictionary(uniqueKeysWithValues: zip(["hn", "cn"], final))
    try golden.check(outputs, leaves: leaves, store: cell.core.store)
  }

  @Test("Linear, Embedding, cross entropy and squared error compute what PyTorch computes")
  func others() throws {
    let file = try GoldenFile("others")
    #expect(file.cases.count == 12)
    for example in file.cases {
      let golden = file.golden(example)
      if golden.has("linear") {
        let linear = Linear(4, 5, bias: !golden.has("nobias"))
        try golden.load(into: linear.parameters[0])
        let input = try golden.tensor("input").recorded()
        try golden.check(["output": linear(input)], leaves: ["input": input], store: linear.parameters[0])
      } else if golden.has("embedding") {
        let padding = golden.name.hasSuffix("padding0") ? 0 : golden.name.hasSuffix("padding2") ? 2 : nil
        let embedding = Embedding(5, 3, paddingIndex: padding)
        try golden.load(into: embedding.parameters[0])
        let output = embedding(try golden.integers("tokens"))
        try golden.check(["output": output], leaves: [:], store: embedding.parameters[0])
      } else {
        let input = try golden.tensor("input").recorded()
        let loss =
          golden.has("mse")
          ? meanSquaredError(input, try golden.tensor("target"))
          : crossEntropy(input, try golden.integers("targets"))
        try golden.check(["output": loss], leaves: ["input": input], store: nil)
      }
    }
  }
}
