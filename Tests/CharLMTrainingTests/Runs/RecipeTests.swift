import CharLMText
import RecurrentNN
import TestSupport
import Testing

@testable import CharLM
@testable import CharLMData
@testable import CharLMTraining

/// What is chosen for a corpus and a time.
@Suite struct RecipeTests {
  /// A data of so many tokens of 16 letters, or of more ideographs.
  private func data(tokenCount: Int, ideographCount: Int? = nil) throws -> TrainingData {
    let folder = try ScratchFolder()
    let first = ideographCount == nil ? 97 : 0x4E00
    let pieces = (0..<(ideographCount ?? 16)).map { String(decoding: [UInt16(first + $0)], as: UTF16.self) }
    var random = RandomValues(seed: 4)
    let text = (0..<tokenCount).map { _ in pieces[Int.random(in: 0..<pieces.count, using: &random)] }.joined()
    let path = try folder.file("corpus.txt", text)
    let unit: TextUnit = ideographCount == nil ? .byte : .scalar
    return TrainingData(try Corpus(paths: [path], settings: TextSettings(unit: unit), validation: .fraction(0.1)))
  }

  private func chosen(
    _ data: TrainingData, seconds: Double, tokensPerSecond: Double,
    _ change: (inout RequestedSettings) -> Void = { _ in }
  ) throws -> RunSettings {
    var requested = RequestedSettings()
    requested[\.training.length] = .budget(seconds: seconds)
    change(&requested)
    let speed = MachineSpeed(tokensPerSecond: tokensPerSecond, of: NetworkSettings(hidden: 512), on: data)
    return try AutomaticSettings.settings(for: data, requested: requested, speed: speed)
  }

  @Test("more time, or a faster machine, has a larger network")
  func size() throws {
    let data = try data(tokenCount: 2_000_000)
    let sizes = try [10.0, 60, 600, 3600].map { try chosen(data, seconds: $0, tokensPerSecond: 60_000).network.hidden }
    #expect(sizes == sizes.sorted() && Set(sizes).count == 4, "\(sizes)")
    for (place, seconds) in [10.0, 60, 600, 3600].enumerated() {
      #expect(try chosen(data, seconds: seconds / 10, tokensPerSecond: 600_000).network.hidden == sizes[place])
    }
  }

  @Test("what was asked for stays, and a longer time has more dropout")
  func requested() throws {
    let data = try data(tokenCount: 400_000)
    let settings = try chosen(data, seconds: 60, tokensPerSecond: 10_000) {
      $0[\.network.hidden] = 100
      $0[\.training.regularization.activation] = 0
    }
    #expect(settings.network.hidden == 100 && settings.training.regularization.activation == 0)
    #expect(settings.training.length == .budget(seconds: 60))
    let dropouts = try [1.0, 10, 60, 600].map { try chosen(data, seconds: $0, tokensPerSecond: 60_000).network.dropout }
    #expect(dropouts == dropouts.sorted() && dropouts[0] < dropouts[3], "\(dropouts)")
  }

  @Test("an optimizer that takes time of its own has a smaller network, unless steps have many tokens")
  func optimizer() throws {
    let data = try data(tokenCount: 2_000_000)
    func hidden(_ kind: OptimizerKind, batch: Int) throws -> Int {
      try chosen(data, seconds: 600, tokensPerSecond: 60_000) {
        $0[\.training.optimizer.kind] = kind
        $0[\.training.batch] = batch
      }.network.hidden
    }
    #expect(try hidden(.soap, batch: 8) < hidden(.adamw, batch: 8))
    #expect(try hidden(.soap, batch: 2048) == hidden(.adamw, batch: 2048))
  }

  @Test("a tied decoder has no smaller network")
  func tied() throws {
    let data = try data(tokenCount: 400_000)
    let sizes = try [false, true].map { isTied in
      try chosen(data, seconds: 120, tokensPerSecond: 60_000) { $0[\.network.tied] = isTied }.network.hidden
    }
    #expect(sizes[0] == sizes[1])
  }

  @Test("a large vocabulary has a tied decoder, unless the embedding is to have a width of its own")
  func tiedByItself() throws {
    let (small, large) = (
      try data(tokenCount: 30_000, ideographCount: 900), try data(tokenCount: 30_000, ideographCount: 1100)
    )
    #expect(!(try AutomaticSettings.settings(for: small).network.tied))
    for length in [nil, TrainingLength.steps(100), .epochs(2), .budget(seconds: 60)] {
      let settings = try AutomaticSettings.settings(
        for: large, requested: requested { $0[\.training.length] = length },
        speed: MachineSpeed(tokensPerSecond: 60_000, of: NetworkSettings(hidden: 512), on: large))
      #expect(settings.network.tied && settings.network.embedding == settings.network.hidden, "\(length as Any)")
    }
    let apart = try AutomaticSettings.settings(for: large, requested: requested { $0[\.network.embedding] = 32 })
      .network
    #expect(!apart.tied && apart.embedding == 32)
    let asked = try AutomaticSettings.settings(for: small, requested: requested { $0[\.network.tied] = true }).network
    #expect(asked.tied && asked.embedding == asked.hidden)
  }

  @Test(
    "dropout follows the width and the epochs; weights are dropped, too, then embeddings, the more often a text is read"
  )
  func dropout() throws {
    let data = try data(tokenCount: 20_000)
    func settings(hidden: Int, epochs: Double) throws -> RunSettings {
      try AutomaticSettings.settings(
        for: data,
        requested: requested {
          $0[\.network.hidden] = hidden
          $0[\.training.length] = .epochs(epochs)
        })
    }
    let widths = try [16, 128, 1024].map { try settings(hidden: $0, epochs: 10).network.dropout }
    #expect(widths == widths.sorted() && Set(widths).count == 3, "\(widths)")
    #expect(try settings(hidden: 128, epochs: 0.5).network.dropout == 0)
    for (epochs, weightDrop, embeddingDropout) in [(1.0, Float(0), Float(0)), (6, 0.2, 0), (100, 0.3, 0.05)] {
      let regularization = try settings(hidden: 128, epochs: epochs).training.regularization
      #expect(regularization.weightDrop == weightDrop && regularization.embeddingDropout == embeddingDropout)
    }
  }

  @Test("weight decay is by the optimizer")
  func weightDecay() throws {
    let data = try data(tokenCount: 30_000)
    for (kind, decay) in [(OptimizerKind.soap, Float(0.1)), (.adamw, 0.01), (.adam, 0), (.sgd, 0), (.rmsprop, 0)] {
      let settings = try AutomaticSettings.settings(
        for: data, requested: requested { $0[\.training.optimizer.kind] = kind })
      #expect(settings.training.optimizer.weightDecay == decay, "\(kind)")
    }
  }

  @Test(
    "a budget has mogrifier rounds for an LSTM that reads a long text some times over, and not where they are refused")
  func mogrifier() throws {
    let (long, short) = (try data(tokenCount: 400_000), try data(tokenCount: 100_000))
    func rounds(
      _ data: TrainingData, seconds: Double = 60, _ change: (inout RequestedSettings) -> Void = { _ in }
    ) throws -> Int {
      try chosen(data, seconds: seconds, tokensPerSecond: 60_000, change).network.mogrifierRounds
    }
    #expect(try rounds(long) == 2)
    #expect(try rounds(long, seconds: 2) == 0)
    #expect(try rounds(short) == 0)
    #expect(try rounds(long) { $0[\.network.mogrifierRounds] = 0 } == 0)
    #expect(try rounds(long) { $0[\.network.cell] = .gru } == 0)
    #expect(try rounds(long) { $0[\.network.layers] = 2 } == 0)
    #expect(try rounds(long) { $0[\.network.layerNorm] = true } == 0)
    #expect(try rounds(long) { $0[\.network.tied] = true } == 0)
    #expect(try rounds(short, seconds: 2) { $0[\.network.mogrifierRounds] = 3 } == 3)
    #expect(try AutomaticSettings.settings(for: long).network.mogrifierRounds == 0)
  }

  @Test("a wide decoder alone does not make a network narrow")
  func decoder() throws {
    let (small, large) = (try data(tokenCount: 30_000), try data(tokenCount: 30_000, ideographCount: 900))
    let widths = try [small, large].map { data in
      try AutomaticSettings.settings(
        for: data, requested: requested { $0[\.training.length] = .budget(seconds: 60) },
        speed: MachineSpeed(tokensPerSecond: 1000, of: NetworkSettings(hidden: 128), on: data)
      ).network.hidden
    }
    #expect(widths[1] >= widths[0] / 2, "\(widths)")
  }

  private func requested(_ change: (inout RequestedSettings) -> Void) -> RequestedSettings {
    var requested = RequestedSettings()
    change(&requested)
    return requested
  }

  @Test("everything that is requested ends up in the settings, and what is withdrawn is chosen again")
  func everything() throws {
    let data = try data(tokenCount: 100_000)
    let chosen = try AutomaticSettings.settings(for: data)
    var requested = RequestedSettings()
    requested[\.network.cell] = .gru
    requested[\.training.optimizer.kind] = .sgd
    requested[\.training.optimizer.weightDecay] = 0.5
    requested[\.training.schedule.peak] = 3
    requested[\.training.patience] = 4
    requested[\.training.clip] = 9
    #expect(requested[\.training.clip] == 9 && requested[\.training.batch] == nil)
    let settings = try AutomaticSettings.settings(for: data, requested: requested)
    #expect(settings.network.cell == .gru && settings.training.optimizer.momentum == 0.9)
    #expect(settings.training.optimizer.weightDecay == 0.5 && settings.training.schedule.peak == 3)
    #expect(settings.training.patience == 4 && settings.training.clip == 9)
    requested = RequestedSettings()
    requested[\.training.clip] = 9
    requested[\.training.clip] = nil
    #expect(try AutomaticSettings.settings(for: data, requested: requested) == chosen)
  }

  @Test("the network of an existing model is kept whole, but for what was requested of it")
  func keptNetwork() throws {
    let data = try data(tokenCount: 100_000)
    let network = NetworkSettings(
      cell: .rnn, nonlinearity: .relu, layers: 3, hidden: 20, embedding: 20, dropout: 0.15, tied: true,
      bidirectional: false, forgetBias: 0, layerNorm: true, mogrifierRounds: 3)
    var requested = RequestedSettings()
    requested.keep(network)
    #expect(try AutomaticSettings.settings(for: data, requested: requested).network == network)
    requested = RequestedSettings()
    requested[\.network.dropout] = 0.5
    requested.keep(network)
    var changed = network
    changed.dropout = 0.5
    #expect(try AutomaticSettings.settings(for: data, requested: requested).network == changed)
  }

  @Test("a number of steps has the dropout of its epochs")
  func steps() throws {
    let data = try data(tokenCount: 400_000)
    let dropouts = try [TrainingLength.steps(500), .steps(10_000)].map { length in
      var requested = RequestedSettings()
      requested[\.training.length] = length
      return try AutomaticSettings.settings(for: data, requested: requested).network.dropout
    }
    #expect(dropouts[0] < dropouts[1])
  }

  @Test("a small text does not use a long time up")
  func smallText() throws {
    let data = try data(tokenCount: 10_000)
    let training = try chosen(data, seconds: 3600, tokensPerSecond: 60_000).training
    #expect(training.timeLimit == 3600)
    guard case .epochs(let epochs) = training.length else {
      Issue.record("a length in epochs was expected")
      return
    }
    #expect(epochs == 60)
  }

  @Test("the quality to expect is the measured one at measured places, and between them between")
  func expected() {
    for curve in ExpectedQuality.measured {
      for point in curve.points {
        let nats = ExpectedQuality.nats(textTokens: Int(curve.textTokens), trainedTokens: point.trainedTokens)
        #expect(abs(nats - point.nats) < 1e-9)
      }
    }
    let trained = [1e3, 1e5, 1e6, 3e6, 1e7, 1e9]
    for size in [100, 20_000, 300_000, 5_000_000] {
      let nats = trained.map { ExpectedQuality.nats(textTokens: size, trainedTokens: $0) }
      #expect(nats == nats.sorted(by: >), "\(size): \(nats)")
    }
  }
}
