import Foundation
import Testing

/// Each snippet runs as the program that `swift build` made of it, beside the test bundle.
@Suite struct SnippetTests {
  @Test(
    "a snippet prints what it promises",
    arguments: [
      ("FirstModel", ["step 150 of 150", "than a bit a byte: true", "the same after loading: true"]),
      ("EmbeddingLookup", ["sentence: [6, 4]", "lookup equals one-hot product: true", "cat moved", "sat stayed"]),
      ("CellByHand", ["x [2, 3] → h [2, 5]", "cell and layer end alike: true"]),
      ("SequenceShapes", ["output [10, 3, 20], hidden [4, 3, 20]", "output [3, 10, 20], hidden [4, 3, 20]"]),
      ("StackedCells", ["states: lower [3, 30], upper [3, 20]", "output: [10, 3, 20]"]),
      (
        "LSTMStates",
        ["h [1, 3, 20], c [1, 3, 20]", "h [2, 3, 20], c [2, 3, 20]", "cut in two and whole alike: true"]
      ),
      ("GRUStates", ["output [10, 3, 20], hidden [2, 3, 20]", "tensor([[0.5000, -0.2500, 1.0000]])"]),
      (
        "Bidirectional",
        ["output [10, 3, 40], hidden [4, 3, 20]", "the last step: true", "the first step: true", "same: true"]
      ),
      ("PackedSequences", ["batch sizes [2, 1, 1]", "sequence 2: [1, 16], as alone: true", "only 6 time steps"]),
      ("ParameterNames", ["weight_ih_l1_reverse [80, 40]", "N(0, 0.001): true", "U(±0.5): true"]),
      ("GradientClipping", ["norm now: 1.000", "error: the gradient of weight_ih_l0 is not finite"]),
      ("CustomCell", ["new sequences: 100 % right"]),
      ("HelloCell", ["hello → ohlol"]),
      ("HelloLayer", ["hello → ohlol"]),
      ("HelloEmbedding", ["hello → ohlol"]),
      ("OneHotVocabulary", ["[35, 2, 1027] → [35, 2, 256], state [1, 2, 256]"]),
    ])
  func prints(name: String, promises: [String]) throws {
    let output = try run(name)
    for promise in promises { #expect(output.contains(promise), "\(name) printed:\n\(output)") }
    #expect(!output.contains("false"), "\(name) printed:\n\(output)")
  }

  @Test("the sine forecast stays on the wave for a period of its own predictions")
  func sineForecast() throws {
    let (output, picture) = try draw("SineForecast")
    let error = output.firstMatch(of: /mean squared error ([0-9.e-]+)/).flatMap { Double($0.1) }
    #expect(try #require(error) < 1e-4, "\(output)")
    #expect(picture.contains("prediction") && picture.contains("truth"))
  }

  @Test("an RNN's gradient vanishes, with large weights it explodes, an LSTM with an open gate keeps it")
  func gradientFlow() throws {
    let (output, picture) = try draw("GradientFlow")
    let norms = output.split(separator: "\n").dropLast().map { line in
      line.matches(of: /k=\d+ ([0-9.e+-]+)/).compactMap { Double($0.1) }
    }
    try #require(norms.count == 4 && norms.allSatisfy { $0.count == 4 }, "\(output)")
    #expect(zip(norms[0], norms[0].dropFirst()).allSatisfy { $1 < $0 / 1000 }, "\(output)")
    #expect(norms[1][3] > 100 * norms[1][0], "\(output)")
    #expect(norms[3][3] > 0.1, "\(output)")
    #expect(picture.contains("‖∂h_k / ∂h_1‖"))
  }

  /// What a snippet prints and the picture that it writes.
  private func draw(_ name: String) throws -> (output: String, picture: String) {
    let file = FileManager.default.temporaryDirectory.appending(path: "\(name)-\(UUID()).svg")
    defer { try? FileManager.default.removeItem(at: file) }
    let output = try run(name, file.path)
    return (output, try String(contentsOf: file, encoding: .utf8))
  }

  /// What a snippet prints; it must end well.
  private func run(_ name: String, _ arguments: String...) throws -> String {
    // The test runs from the bundle on Linux; on macOS the bundle is loaded by another program.
    let bundle = Bundle.allBundles.first { $0.bundlePath.hasSuffix(".xctest") }?.bundleURL
    let folder = (bundle ?? Bundle.main.bundleURL.appending(path: "x")).deletingLastPathComponent()
    let process = Process()
    let pipe = Pipe()
    process.executableURL = folder.appending(path: name)
    process.arguments = arguments
    process.standardOutput = pipe
    try process.run()
    let data = pipe.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    #expect(process.terminationStatus == 0, "\(name) \(arguments)")
    return String(decoding: data, as: UTF8.self)
  }
}
