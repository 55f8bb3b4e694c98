import RecurrentNN

@testable import CharLM
@testable import CharLMData
@testable import CharLMFiles
@testable import CharLMText
@testable import CharLMTraining

// Models and the states of runs.

extension FuzzTarget {
  /// A model that is accepted samples, evaluates its own validation part if it finds it, and is written and read again.
  static let model = FuzzTarget(
    name: "model",
    read: { input in
      let path = try Scratch.file("model.safetensors", input)
      _ = Checkpoint.summary(path: path)
      let model = try Checkpoint.read(path: path).model
      try use(model)
      let copy = try Scratch.file("copy.safetensors", [])
      try Checkpoint.write(model, to: copy)
      let again = try Checkpoint.read(path: copy)
      require(again.checksum == .verified, "no digest")
      require(again.model.hasParameters(of: model), "other parameters")
    })

  /// A state that is accepted goes on for some steps, saves and goes on again.
  static let state = FuzzTarget(
    name: "state",
    read: { input in
      let path = try Scratch.file("run.safetensors", [])
      let kind = (try? Safetensors(parsing: input, source: "input"))?.metadata["kind"]
      let corpus = kind == ModelKind.transducer.rawValue ? Scratch.pairs : Scratch.corpus
      Files.remove(path)
      _ = try Scratch.file("run.state", input)
      for _ in 0..<2 {
        let run = try TrainingRun(resuming: path, corpusPaths: [corpus], threadCount: 1, storage: .memory)
        var stepCount = 0
        _ = try run.run(
          clock: { Double(stepCount) }, isInterrupted: { stepCount >= 3 },
          observe: { event in if case .step = event { stepCount += 1 } })
      }
    })
}

/// Samples from a model, evaluates with it and renders its records.
func use(_ model: ModelSnapshot) throws {
  if let language = LanguageModel(model) {
    _ = try language.sample(length: 5, randomSeed: 1)
    _ = try? language.sample("hello", length: 5, randomSeed: 1)
    let corpus = try? Corpus(
      again: model.training.corpus, tokenizer: model.tokenizer, lookingIn: [Scratch.folder], storage: .memory,
      observe: { _ in })
    if let text = corpus?.validation { _ = try language.evaluate(text) }
  } else if let transducer = Transducer(model) {
    _ = try? transducer.transduce(["hello", ""])
    let record = model.training.corpus
    let pairs = try? PairCorpus.validationPairs(
      of: record, input: model.tokenizer, output: model.outputTokenizer, lookingIn: [Scratch.folder])
    if let pairs, !pairs.isEmpty { _ = transducer.evaluate(pairs) }
  }
}
