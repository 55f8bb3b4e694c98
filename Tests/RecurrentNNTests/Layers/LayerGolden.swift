import CharLMFiles
import Foundation
import RecurrentNN
import TestSupport
import Testing

/// A file of cases that PyTorch computed: `Goldens/make_layer_goldens.py` made them.
struct GoldenFile {
  let name: String
  private let tensors: [String: Safetensors.Tensor]

  init(_ name: String) throws {
    let url = try #require(Bundle.module.url(forResource: "Goldens/" + name, withExtension: "safetensors"))
    self.name = name
    let file = try Safetensors.read(path: url.path)
    tensors = Dictionary(uniqueKeysWithValues: file.tensors.map { ($0.name, $0) })
  }

  /// The names of all cases.
  var cases: [String] { Set(tensors.keys.compactMap { $0.split(separator: "/").first.map(String.init) }).sorted() }

  func golden(_ name: String) -> Golden {
    let own = tensors.filter { $0.key.hasPrefix(name + "/") }
    return Golden(
      name: name,
      tensors: Dictionary(uniqueKeysWithValues: own.map { (String($0.key.dropFirst(name.count + 1)), $0.value) }))
  }
}

/// One case.
struct Golden {
  let name: String
  let tensors: [String: Safetensors.Tensor]

  /// Whether the case's name has this word.
  func has(_ word: String) -> Bool { name.split(separator: "-").contains(Substring(word)) }

  func tensor(_ name: String) throws -> RecurrentNN.Tensor {
    let tensor = try #require(tensors[name], "\(name) of \(self.name)")
    guard case .float32(let values) = tensor.values else { throw GoldenProblem() }
    return Tensor(values, shape: tensor.shape)
  }

  func integers(_ name: String) throws -> [Int] {
    guard case .int32(let values) = try #require(tensors[name]).values else { throw GoldenProblem() }
    return values.map { Int($0) }
  }

  /// Sets every parameter of a store to the case's.
  func load(into store: ParameterStore) throws {
    for layout in store.layouts {
      let value = try tensor(layout.name)
      #expect(value.shape == layout.shape, "\(layout.name) of \(name)")
      store.setValues(value.values, named: layout.name)
    }
  }

  /// Compares what came out with the case, then its gradients.
  func check(_ outputs: [String: Tensor], leaves: [String: Tensor], store: ParameterStore?) throws {
    var loss = Tensor(0)
    for (name, output) in outputs.sorted(by: { $0.key < $1.key }) {
      try expect(output, name, 1e-5)
      loss = loss + (output * (try tensor("weight/" + name))).sum()
    }
    loss.backward()
    for (name, leaf) in leaves { try expect(try #require(leaf.gradient), "gradient/" + name, 1e-4) }
    for layout in store?.layouts ?? [] {
      try expect(try #require(store).gradient(named: layout.name), "gradient/" + layout.name, 1e-4)
    }
  }

  func expect(_ actual: Tensor, _ name: String, _ tolerance: Double) throws {
    let expected = try tensor(name)
    #expect(actual.shape == expected.shape, "\(name) of \(self.name)")
    let error = relativeError(actual.values, expected.values)
    #expect(error <= tolerance, "\(name) of \(self.name)")
  }
}

private struct GoldenProblem: Error {}
