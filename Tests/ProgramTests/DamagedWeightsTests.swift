import CharLMFiles
import TestSupport
import Testing

/// A model that passes every check when it is read and whose predictions are not finite, as a network with ReLU may become
/// over a long text: each command ends with a result or an error, not with a trap.
@Suite struct DamagedWeightsTests {
  /// A folder with corpus.txt, a sound model.safetensors of it and damaged.safetensors, whose weights are all as large as they
  /// may be.
  private func folder() throws -> WorkFolder {
    let folder = try WorkFolder()
    try folder.file("corpus.txt", TestCorpus.words(1500))
    let run = try folder.charlm(
      [
        "train", "corpus.txt", "--steps", "3", "--cell", "rnn", "--nonlinearity", "relu", "--quiet", "--model",
        "model.safetensors",
      ] + TestCorpus.smallSettings)
    try #require(run.status == 0, "\(run.errors)")
    var file = try Safetensors.read(path: folder("model.safetensors"))
    for number in file.tensors.indices {
      let count = file.tensors[number].shape.reduce(1, *)
      file.tensors[number].values = .float32([Float](repeating: 1e15, count: count))
    }
    try file.write(to: folder("damaged.safetensors"))
    return folder
  }

  @Test("every command that reads it ends by itself")
  func commands() throws {
    let folder = try folder()
    let model = ["--model", "damaged.safetensors"]
    let refused = " is not finite"
    let commands: [(arguments: [String], refusal: String?)] = [
      (["sample", "--length", "5", "--top-k", "3"] + model, nil),
      (["sample", "--length", "5", "--top-p", "0.5"] + model, nil),
      (["sample", "--length", "5", "--match", "[a-z]{9}", "--top-k", "3"] + model, nil),
      (["sample", "--length", "5", "--show-candidates", "2", "--json"] + model, nil),
      (["sample", "--length", "5", "--best-of", "2", "--json"] + model, nil),
      (["eval", "corpus.txt"] + model, refused),
      (["eval", "corpus.txt", "--baselines", "--mix"] + model, refused),
      (["score", "corpus.txt", "--html", "score.html"] + model, refused),
      (["compare", "model.safetensors", "damaged.safetensors", "corpus.txt"], refused),
      (["neurons", "corpus.txt", "--html", "neurons.html"] + model, nil),
      (["distil", "damaged.safetensors", "--corpus", "corpus.txt", "--steps", "2", "--hidden", "4"], refused),
      (["average", "model.safetensors", "damaged.safetensors", "--force", "--output", "mean.safetensors"], nil),
      (["compress", "corpus.txt", "-k", "-f"] + model, nil),
    ]
    for (arguments, refusal) in commands {
      let run = try folder.charlm(arguments)
      #expect(run.status == 0 || run.status == 1, "\(arguments): \(run.status) \(run.errors)")
      if let refusal { #expect(run.status == 1 && run.errors.contains(refusal), "\(arguments): \(run.errors)") }
    }
  }
}
