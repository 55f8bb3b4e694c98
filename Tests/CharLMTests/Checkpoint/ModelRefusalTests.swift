import Foundation
import RecurrentNN
import TestSupport
import Testing

@testable import CharLM
@testable import CharLMFiles

/// Files that are sound as safetensors but no model of charlm: one flaw, one case.
@Suite("Models, refused") struct ModelRefusalTests {
  struct Damage: CustomTestStringConvertible, Sendable {
    let testDescription: String
    let flaw: ModelFlaw
    let apply: @Sendable (inout Safetensors) -> Void

    init(_ description: String, _ flaw: ModelFlaw, _ apply: @escaping @Sendable (inout Safetensors) -> Void) {
      testDescription = description
      self.flaw = flaw
      self.apply = apply
    }

    /// Replaces a part of the `model` object.
    static func model(_ old: String, _ new: String) -> @Sendable (inout Safetensors) -> Void {
      { file in
        let text = file.metadata["model"] ?? ""
        guard let place = text.firstRange(of: old) else { return }
        file.metadata["model"] = text.replacingCharacters(in: place, with: new)
      }
    }
  }

  static let damages = [
    Damage("no format", .notCharLM) { $0.metadata["charlm_format"] = nil },
    Damage("a format of the future", .newerFormat(found: 99, highest: 1)) { $0.metadata["charlm_format"] = "99" },
    Damage("no vocabulary", .missingField(name: "vocabulary")) { $0.metadata["vocabulary"] = nil },
    Damage("an unknown kind", .invalidField(name: "kind", reason: "'poet' is not known")) {
      $0.metadata["kind"] = "poet"
    },
    Damage(
      "no layers", .outOfRange(OutOfRange(name: "layers", value: "0", range: "from 1 to 1000")),
      Damage.model("\"layers\":2", "\"layers\":0")),
    Damage(
      "a width beyond reason", .outOfRange(OutOfRange(name: "hidden", value: "99999999", range: "from 1 to 65536")),
      Damage.model("\"hidden\":48", "\"hidden\":99999999")),
    Damage(
      "tied sizes that differ", .tiedSizes(embedding: 10, output: 48), Damage.model("\"tied\":false", "\"tied\":true")),
    Damage(
      "a language model that reads ahead", .bidirectionalLanguageModel,
      Damage.model("\"bidirectional\":false", "\"bidirectional\":true")),
    Damage(
      "gains that are not there", .missingTensor(name: "rnn.ln_ih_l0.weight"),
      Damage.model("\"layer_norm\":false", "\"layer_norm\":true")),
    Damage(
      "rounds that are not there", .missingTensor(name: "rnn.weight_mogrify1_l0"),
      Damage.model("\"mogrifier_rounds\":0", "\"mogrifier_rounds\":2")),
    Damage(
      "rounds beyond reason", .outOfRange(OutOfRange(name: "mogrifier_rounds", value: "7", range: "from 0 to 6")),
      Damage.model("\"mogrifier_rounds\":0", "\"mogrifier_rounds\":7")),
    Damage("a missing tensor", .missingTensor(name: "decoder.bias")) { file in
      file.tensors.removeAll { $0.name == "decoder.bias" }
    },
    Damage("a tensor too many", .unexpectedTensor(name: "attention")) { file in
      file.tensors.append(Safetensors.Tensor(name: "attention", shape: [1], values: .float32([0])))
    },
    Damage("a tensor of another shape", .tensorShape(name: "decoder.bias", expected: [18], found: [2])) { file in
      file.tensors = file.tensors.map { tensor in
        tensor.name == "decoder.bias"
          ? Safetensors.Tensor(name: tensor.name, shape: [2], values: .float32([0, 0])) : tensor
      }
    },
    Damage("weights beyond all that is learned", .tooLarge(name: "decoder.bias")) { file in
      file.tensors = file.tensors.map { tensor in
        tensor.name == "decoder.bias"
          ? Safetensors.Tensor(
            name: tensor.name, shape: tensor.shape, values: .float32([3.4e38] + [Float](repeating: 0, count: 17)))
          : tensor
      }
    },
    Damage("NaN among the weights", .notFinite(name: "decoder.bias")) { file in
      file.tensors = file.tensors.map { tensor in
        tensor.name == "decoder.bias"
          ? Safetensors.Tensor(
            name: tensor.name, shape: tensor.shape, values: .float32([.nan] + [Float](repeating: 0, count: 17)))
          : tensor
      }
    },
  ]

  @Test("each flaw is named", arguments: damages)
  func refused(_ damage: Damage) throws {
    let folder = try ScratchFolder()
    let path = folder("model.safetensors")
    try Checkpoint.write(try TestModel.language(.lstm).snapshot, to: path)
    _ = try Checkpoint.read(path: path)
    var file = try Safetensors.read(path: path)
    damage.apply(&file)
    try file.write(to: path)
    #expect(throws: CheckpointError.model(source: path, damage.flaw)) { try Checkpoint.read(path: path) }
  }

  @Test("sizes that the file's tensors do not have are refused before memory is asked for")
  func promises() throws {
    let folder = try ScratchFolder()
    let path = folder("model.safetensors")
    try Checkpoint.write(try TestModel.language(.lstm).snapshot, to: path)
    var file = try Safetensors.read(path: path)
    // A thousand layers of 65,536 units: 137 terabytes, which no machine would give.
    file.metadata["model"] = file.metadata["model"]?.replacing("\"hidden\":48", with: "\"hidden\":65536")
      .replacing("\"layers\":2", with: "\"layers\":1000")
    try file.write(to: path)
    let flaw = ModelFlaw.tensorShape(name: "rnn.weight_ih_l0", expected: [4 << 16, 10], found: [192, 10])
    #expect(throws: CheckpointError.model(source: path, flaw)) { try Checkpoint.read(path: path) }
  }

  @Test("damage is called damage, whatever it makes of the metadata and the tensors")
  func damage() throws {
    let folder = try ScratchFolder()
    let path = folder("model.safetensors")
    try Checkpoint.write(try TestModel.language(.lstm).snapshot, to: path)
    let bytes = try Files.read(path)
    let text = String(decoding: bytes.prefix { $0 != 0xFF }, as: UTF8.self)
    #expect(text.contains("charlm_format"))
    for (old, new) in [("hidden\\\":48", "hidden\\\":49"), ("\"created\"", "\"createx\""), ("[18,10]", "[10,18]")] {
      let place = try #require(bytes.firstRange(of: Array(old.utf8)), "\(old)")
      var damaged = bytes
      damaged.replaceSubrange(place, with: Array(new.utf8))
      try Files.writeAtomically(path) { (writer: inout FileWriter) throws(FileError) in try writer.write(damaged) }
      let error = #expect(throws: CheckpointError.self) { try Checkpoint.read(path: path) }
      guard case .invalid(_, .checksumMismatch) = error else {
        Issue.record("\(old): \(String(describing: error))")
        continue
      }
    }
  }
}
