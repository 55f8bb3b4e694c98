import CharLM
import CharLMData
import CharLMText

/// Evaluates what goes on learning as it reads: `--dynamic` and `--mix`.
struct AdaptiveReading {
  private let command: EvalCommand
  private let found: [ModelLookup.Found]
  private let text: EvaluationText

  init(_ command: EvalCommand, _ found: [ModelLookup.Found], _ text: EvaluationText) {
    (self.command, self.found, self.text) = (command, found, text)
  }

  private var console: Console { command.output.console }

  /// The figures that were asked for; nil where none was.
  /// - Parameters:
  ///   - corpus: what the model was trained on, where the text is a part of it.
  ///   - training: what counts may know beforehand; nil for nothing.
  func figures(_ model: Ensemble, corpus: Corpus?, training: TokenText?) throws -> AdaptiveFigures? {
    guard command.dynamic || command.mix else { return nil }
    var figures = AdaptiveFigures()
    let counts =
      command.mix ? try PrimedCounts(model.tokenizer, training, expectedCount: text.tokens.count, console).counts : nil
    if let counts {
      figures.primedTokenCount = counts.primedTokenCount
      let mixed = try model.evaluate(text, mixedWith: counts, threadCount: command.threads.count)
      figures.mixBitsPerByte = mixed.mixedBitsPerByte
      figures.tokenNats.append(("this model, mix", mixed.mixedTokenNats))
    }
    guard command.dynamic else { return figures }
    let dynamic = try dynamicModel(model.models[0], training: corpus?.train)
    figures.rates = dynamic.rates
    console.say("reading and learning from each \(DynamicModel.chunkLength) tokens")
    if let counts {
      let mixed = try dynamic.evaluate(text, mixedWith: counts)
      figures.dynamicBitsPerByte = mixed.base.bitsPerByte
      figures.dynamicMixBitsPerByte = mixed.mixedBitsPerByte
      figures.tokenNats.append(("this model, dynamic", mixed.base.tokenNats ?? []))
      figures.tokenNats.append(("this model, both", mixed.mixedTokenNats))
    } else {
      let evaluation = try dynamic.evaluate(text, keepsTokenNats: true)
      figures.dynamicBitsPerByte = evaluation.bitsPerByte
      figures.tokenNats.append(("this model, dynamic", evaluation.tokenNats ?? []))
    }
    return figures
  }

  private func dynamicModel(_ model: LanguageModel, training: TokenText?) throws -> DynamicModel {
    let path = found[0].path
    let known =
      try training
      ?? {
        do {
          return try ValidationPlaces.corpus(of: model, path: path, storage: command.cache.storage).train
        } catch let error as CommandFailure {
          throw CommandFailure(error.what, next: "--dynamic chooses its rates on that text; leave it out")
        }
      }()
    console.say("choosing how fast to learn, on the end of the training text")
    return try DynamicModel(model, training: known, threadCount: command.threads.count)
  }
}

/// Bits per byte of what goes on learning as it reads; nil where it was not asked for.
struct AdaptiveFigures {
  var dynamicBitsPerByte: Double?
  var mixBitsPerByte: Double?
  var dynamicMixBitsPerByte: Double?
  /// What the model that learns was moved by.
  var rates: DynamicRates?
  /// How many tokens of the training text the counts had read before.
  var primedTokenCount: Int?
  /// What each token has cost, by the names that the figures have in a table.
  var tokenNats: [(name: String, nats: [Float])] = []

  /// For people, each with its label.
  /// - Parameter usual: the bits per byte of the model as it was trained.
  func lines(usual: Double?) -> [(String, String)] {
    var lines: [(String, String)] = []
    if let dynamicBitsPerByte, let rates {
      lines.append(
        (
          "dynamic",
          figure(dynamicBitsPerByte, usual)
            + "; learned from each \(DynamicModel.chunkLength) tokens (rate \(Quantity.short(rates.learningRate)), decay "
            + "\(Quantity.short(rates.decay)), chosen on the training text)"
        ))
    }
    if let mixBitsPerByte, let primedTokenCount {
      let primed =
        primedTokenCount > 0
        ? "that knew \(Quantity.count(primedTokenCount, "training token"))" : "that knew nothing of it before"
      lines.append(("mix", figure(mixBitsPerByte, usual) + "; with counts \(primed)"))
    }
    if let dynamicMixBitsPerByte { lines.append(("both", figure(dynamicMixBitsPerByte, usual))) }
    return lines
  }

  private func figure(_ bits: Double, _ usual: Double?) -> String {
    let change = usual.map { " (\(Quantity.fixed(100 * (bits / $0 - 1), 1))%)" } ?? ""
    return "\(Quantity.fixed(bits, 4)) bits per byte" + change
  }
}
