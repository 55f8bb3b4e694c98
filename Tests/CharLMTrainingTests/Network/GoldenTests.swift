import CharLM
import CharLMFiles
@testable import CharLMTraining
import Foundation
import RecurrentNN
import TestSupport
import Testing

/// Networks that PyTorch computed: `Goldens/make_goldens.py` made them.
@Suite struct GoldenTests {
  static let names = ["lstm", "gru", "rnn-tanh", "rnn-relu"].flatMap { cell in
    ["1-layer", "3-layers", "2-layers-bidirectional-packed"].map { "\(cell)-\($0)" }
  }

  @Test("a network computes what PyTorch computes", arguments: names)
  func values(_ name: String) throws {
    let golden = try Golden(name)
    let shard = golden.problem.makeLearner(shardCount: 1).shards[0]
    shard.forward(noise: nil)
    expect(shard.logits.view.array, golden["logits"], 1e-5, "logits of \(name)")
    let directions = shard.stack.directions.flatMap(\.self)
    expect(directions.flatMap(\.hidden.view.array), golden["final_hidden"], 1e-5, "final hidden of \(name)")
    expect(directions.flatMap(\.cell.view.array), golden["final_cell"], 1e-5, "final cell of \(name)")
  }

  @Test("a network's gradients are PyTorch's", arguments: names, [1, 2])
  func gradients(_ name: String, shardCount: Int) throws {
    let golden = try Golden(name)
    let shardedNetwork = golden.problem.makeLearner(shardCount: shardCount)
    let targetCount = golden.problem.targetCount
    let nats = shardedNetwork.computeGradients(targetCount: targetCount, noise: nil).nats
    expect([Float(nats / Double(targetCount))], golden["loss"], 1e-5, "loss of \(name)")
    for parameter in golden.problem.parameters.keys.sorted() {
      expect(
        shardedNetwork.gradients.values(named: parameter), golden["gradient/" + parameter], 1e-4,
        "\(parameter) of \(name), \(shardCount) shards")
    }
    guard shardCount == 1 else { return }
    let directions = shardedNetwork.shards[0].stack.directions.flatMap(\.self)
    expect(directions.flatMap(\.hiddenGradient.view.array), golden["gradient/initial_hidden"], 1e-4, "h0 of \(name)")
    expect(directions.flatMap(\.cellGradient.view.array), golden["gradient/initial_cell"], 1e-4, "c0 of \(name)")
  }

  private func expect(
    _ actual: [Float], _ expected: [Float], _ tolerance: Double, _ what: String,
    sourceLocation: SourceLocation = #_sourceLocation
  ) {
    #expect(relativeError(actual, expected) <= tolerance, "\(what)", sourceLocation: sourceLocation)
  }
}

/// One file of the goldens.
struct Golden {
  let problem: NetworkProblem
  private let file: Safetensors

  var metadata: [String: String] { file.metadata }

  init(_ name: String) throws {
    let url = try #require(Bundle.module.url(forResource: "Goldens/" + name, withExtension: "safetensors"))
    file = try Safetensors.read(path: url.path)
    problem = try Golden.problem(file)
  }

  /// A tensor's numbers; none where there is no such tensor, as with a GRU's cell state.
  subscript(name: String) -> [Float] { Golden.floats(file, name) }

  private static func floats(_ file: Safetensors, _ name: String) -> [Float] {
    guard case .float32(let values) = file.tensor(named: name)?.values else { return [] }
    return values
  }

  private static func integers(_ file: Safetensors, _ name: String) -> [Int] {
    guard case .int32(let values) = file.tensor(named: name)?.values else { return [] }
    return values.map { Int($0) }
  }

  private static func problem(_ file: Safetensors) throws -> NetworkProblem {
    let sizes = try #require(file.tensor(named: "embedding.weight")?.shape)
    let hidden = try #require(file.tensor(named: "initial_hidden")?.shape)
    let model = NetworkSettings(
      cell: try #require(file.metadata["cell"].flatMap(CellKind.init)),
      nonlinearity: try #require(file.metadata["nonlinearity"].flatMap(Nonlinearity.init)),
      layers: try #require(file.metadata["layers"].flatMap { Int($0) }), hidden: hidden[2], embedding: sizes[1],
      bidirectional: file.metadata["bidirectional"] == "true")
    let lengths = integers(file, "lengths")
    var problem = NetworkProblem(model, vocabularyCount: sizes[0], lengths: lengths)
    for name in problem.parameters.keys {
      try #require(floats(file, name).count == problem.parameters[name]?.count, "\(name)")
      problem.parameters[name] = floats(file, name)
    }
    var place = 0
    for time in 0..<lengths[0] {
      for sequence in lengths.indices where lengths[sequence] > time {
        problem.tokens[sequence][time] = integers(file, "tokens")[place]
        problem.targets[sequence][time] = integers(file, "targets")[place]
        place += 1
      }
    }
    problem.initialHidden = states(floats(file, "initial_hidden"), shape: hidden)
    if model.cell == .lstm { problem.initialCell = states(floats(file, "initial_cell"), shape: hidden) }
    return problem
  }

  /// (L · D, B, H) as arrays.
  private static func states(_ values: [Float], shape: [Int]) -> [[[Float]]] {
    (0..<shape[0]).map { state in
      (0..<shape[1]).map { row in
        let start = (state * shape[1] + row) * shape[2]
        return Array(values[start..<start + shape[2]])
      }
    }
  }
}
