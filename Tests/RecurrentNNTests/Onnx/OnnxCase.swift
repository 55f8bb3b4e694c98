import Foundation
import RecurrentNN
import Testing

/// One of ONNX's node tests of RNN, LSTM and GRU: Debian's package libonnx-testdata has them, or the folder in
/// CHARLM_ONNX_DATA.
struct OnnxCase: Sendable, CustomTestStringConvertible {
  let testDescription: String
  /// `RNN`, `LSTM` or `GRU`.
  let kind: String
  let attributes: [String: Int]
  private let tensors: [String: (shape: [Int], values: [Float])]
  private let inputNames: [String]
  /// The names of outputs; empty where one is not wanted.
  let outputNames: [String]

  static let folder =
    ProcessInfo.processInfo.environment["CHARLM_ONNX_DATA"] ?? "/usr/share/libonnx-testdata/data/node"

  /// All that are there.
  static let all: [OnnxCase] = {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
    return names.filter { name in
      ["test_simple_rnn", "test_rnn", "test_lstm", "test_gru"].contains { name.hasPrefix($0) }
    }
    .sorted().compactMap { OnnxCase(folder + "/" + $0) }
  }()

  private init?(_ path: String) {
    func message(_ name: String) -> ProtobufMessage? {
      FileManager.default.contents(atPath: path + "/" + name).flatMap { ProtobufMessage(Array($0)[...]) }
    }
    // ModelProto.graph, GraphProto.node, and of NodeProto: inputs, outputs, kind, attributes.
    guard let node = message("model.onnx")?.messages(7).first?.messages(1).first, let kind = node.texts(4).first else {
      return nil
    }
    (testDescription, self.kind) = ((path as NSString).lastPathComponent, kind)
    (inputNames, outputNames) = (node.texts(1), node.texts(2))
    attributes = Dictionary(
      node.messages(5).compactMap { field in field.texts(1).first.map { ($0, field.numbers(3).first ?? 0) } },
      uniquingKeysWith: { first, _ in first })
    var tensors: [String: ([Int], [Float])] = [:]
    for (kind, names) in [("input", inputNames), ("output", outputNames)] {
      for (number, name) in names.filter({ !$0.isEmpty }).enumerated() {
        guard let tensor = message("test_data_set_0/\(kind)_\(number).pb") else { continue }
        tensors[name] = (tensor.numbers(1), Self.floats(tensor))
      }
    }
    self.tensors = tensors
  }

  /// TensorProto's raw_data, or its float_data.
  private static func floats(_ tensor: ProtobufMessage) -> [Float] {
    let bytes = Array((tensor.bytes(9).first ?? tensor.bytes(4).first) ?? [])
    return stride(from: 0, to: bytes.count - 3, by: 4).map { place in
      Float(bitPattern: bytes[place..<place + 4].reversed().reduce(0) { $0 << 8 | UInt32($1) })
    }
  }

  /// An input by its place in ONNX's definition: X, W, R, B, sequence_lens, initial_h, initial_c, P.
  func input(_ place: Int) -> (shape: [Int], values: [Float])? {
    inputNames.indices.contains(place) ? tensors[inputNames[place]] : nil
  }

  /// An output by its place: Y, Y_h, Y_c.
  func output(_ place: Int) -> (shape: [Int], values: [Float])? {
    outputNames.indices.contains(place) ? tensors[outputNames[place]] : nil
  }

  /// Why the case is of what no layer here computes, as none of PyTorch's does; nil where it applies.
  var inapplicable: String? {
    if kind == "GRU", attributes["linear_before_reset"] != 1 { return "linear_before_reset is 0" }
    if input(7) != nil { return "peepholes" }
    return nil
  }
}
