import CharLM
import RecurrentNN

/// Settings that work well for a size of corpus and a length of training.
struct Recipe {
  var layers = 1
  var hidden: Int
  var mogrifierRounds = 0
  var tied = false
  var embedding = Recipe.widestEmbedding
  var regularization = Regularization()
  var batch: Int
  var bptt = Recipe.bptt
  var epochs: Double
  var warmup = 50
  /// The learning rate of a layer of 256 under Adam.
  var peakRate: Float = 14e-3
  /// The highest learning rate under Adam, however narrow a layer is.
  var largestRate: Float = 28e-3
  var averageDecay: Float = 0.998
  var optimizer = Recipe.optimizer
  /// The fastest that this CPU has: bfloat16 learns as well as float32.
  var precision = Precision.bfloat16.isAvailable ? Precision.bfloat16 : .float32
  /// Whether training should end before the requested time is over.
  var endsEarly = false

  /// - Parameter epochs: nil for as many as suit the size.
  init(tokenCount: Int, epochs: Double? = nil) {
    let usual: (hidden: Int, epochs: Double) =
      switch tokenCount {
      case ..<30_000: (256, 30)
      case ..<300_000: (512, 20)
      case ..<3_000_000: (512, 10)
      case ..<30_000_000: (512, 3)
      default: (512, 1)
      }
    self.init(tokenCount: tokenCount, hidden: usual.hidden, epochs: epochs ?? usual.epochs)
  }

  private static let bptt = 64
  private static let widestEmbedding = 128
  private static let optimizer = OptimizerKind.soap

  private init(tokenCount: Int, hidden: Int, epochs: Double) {
    self.hidden = hidden
    self.epochs = epochs
    batch = Recipe.batch(tokenCount: tokenCount)
    regularization.activation = 2
  }

  private static func batch(tokenCount: Int) -> Int { tokenCount < 30_000 ? 8 : tokenCount < 300_000 ? 16 : 32 }

  /// The more often a text is read, and the more weights there are for each of its tokens, the more dropout it takes not to
  /// learn it by heart. Interpolated between measured points in the logarithm.
  /// - Parameter memorization: epochs · √(weights of the layers / tokens).
  private static func dropout(_ memorization: Double) -> Float {
    inTwentieths([(2.5, 0), (5, 0.15), (20, 0.15), (70, 0.45), (200, 0.6)], memorization)
  }

  /// The same for recurrent weights.
  private static func weightDrop(_ memorization: Double) -> Float {
    inTwentieths([(8, 0), (16, 0.2), (70, 0.3)], memorization)
  }

  private static func inTwentieths(_ points: [(x: Double, y: Double)], _ memorization: Double) -> Float {
    Float((20 * interpolated(points, atLogOf: memorization)).rounded() / 20)
  }

  /// From here on embeddings are dropped, too; below, that costs more than it brings.
  private static let muchMemorization = 150.0

  /// Only two optimizers keep weight decay apart from the gradient: the others would need another amount.
  private static func weightDecay(_ optimizer: OptimizerKind) -> Float {
    switch optimizer {
    case .soap: 0.1
    case .adamw: 0.01
    case .adam, .sgd, .rmsprop: 0
    }
  }

  /// Wider layers need smaller steps, and each optimizer has a scale of its own.
  private func learningRate(hidden: Int, optimizer: OptimizerKind) -> Float {
    let factor: Float =
      switch optimizer {
      case .adam, .adamw, .soap: 1
      case .rmsprop: 0.4
      case .sgd: 400
      }
    return factor * min(largestRate, peakRate * (256 / Float(hidden)).squareRoot())
  }
}

// MARK: As settings

extension Recipe {
  /// The network; what `complete` chooses is a placeholder.
  var network: NetworkSettings {
    NetworkSettings(
      layers: layers, hidden: hidden, embedding: embedding, tied: tied, mogrifierRounds: mogrifierRounds)
  }

  /// Its training; what `complete` chooses, and what depends on the corpus, is a placeholder.
  var training: TrainingSettings {
    TrainingSettings(
      batch: batch, bptt: bptt, length: .epochs(epochs),
      optimizer: OptimizerSettings(kind: optimizer, beta2: 0.99),
      schedule: LearningRateSchedule(kind: .cosine, peak: peakRate, warmupStepCount: warmup), validationInterval: 1,
      precision: precision, averageDecay: averageDecay, regularization: regularization)
  }

  /// Chooses what depends on other settings, which may have been requested.
  func complete(_ settings: inout RunSettings, for data: TrainingData) {
    let (hidden, optimizer) = (settings.network.hidden, settings.training.optimizer.kind)
    settings.network.embedding = settings.network.tied ? hidden : min(embedding, hidden)
    settings.training.schedule.peak = learningRate(hidden: hidden, optimizer: optimizer)
    settings.training.optimizer.weightDecay = Recipe.weightDecay(optimizer)
    settings.training.optimizer.momentum = optimizer == .sgd ? 0.9 : 0
    guard data.kind == .language else { return }
    let weightCount = settings.network.layerWeightCount(data)
    let memorization = epochs * (Double(weightCount) / Double(data.trainTokenCount)).squareRoot()
    settings.network.dropout = Recipe.dropout(memorization)
    settings.training.regularization.weightDrop = Recipe.weightDrop(memorization)
    if memorization > Recipe.muchMemorization { settings.training.regularization.embeddingDropout = 0.05 }
  }
}

// MARK: Pairs

extension Recipe {
  init(pairsOf data: TrainingData) {
    let (hidden, embedding, epochs): (Int, Int, Double) =
      switch data.trainTokenCount {
      case ..<1000: (16, 16, 300)
      case ..<30_000: (128, 32, 60)
      case ..<1_000_000: (128, 32, 20)
      default: (256, 64, 5)
      }
    self.init(tokenCount: .max, hidden: hidden, epochs: epochs)
    self.embedding = embedding
    (regularization, averageDecay, precision) = (Regularization(), 0, .float32)
    optimizer = .adamw
    (peakRate, largestRate) = (5e-3, 5e-3)
    if data.trainTokenCount < 1000 { warmup = 0 }
  }
}

// MARK: The decoder

extension Recipe {
  /// Whether the decoder should share the embedding's weights: where the vocabulary is large, most tokens are too rare to
  /// learn two vectors from. A requested width of the embedding keeps them apart.
  static func isTied(_ data: TrainingData, _ requested: RequestedSettings) -> Bool {
    requested[\.network.tied]
      ?? (data.kind == .language && requested[\.network.embedding] == nil
        && data.tokenizer.vocabulary.count >= tiedVocabulary)
  }

  private static let tiedVocabulary = 1000
}

// MARK: A time limit

extension Recipe {
  private static let sizes = [
    64, 96, 128, 160, 192, 256, 320, 384, 448, 512, 640, 768, 896, 1024, 1280, 1536, 1792, 2048,
  ]
  /// A network should see this many tokens for each weight of its layers, and one for each weight of its decoder, where a
  /// row learns mostly from its own token.
  private static let tokensPerLayerWeight = 3.0

  /// The largest network that sees enough tokens within the time on this machine.
  init(_ data: TrainingData, seconds: Double, speed: MachineSpeed, _ requested: RequestedSettings) {
    let tokenCount = Double(data.trainTokenCount)
    let (largest, mostEpochs) = Recipe.limits(tokenCount: data.trainTokenCount)
    let steps = (
      optimizer: requested[\.training.optimizer.kind] ?? Recipe.optimizer,
      tokenCount: (requested[\.training.batch] ?? Recipe.batch(tokenCount: data.trainTokenCount))
        * (requested[\.training.bptt] ?? Recipe.bptt)
    )
    func plan(mogrifierRounds: Int) -> (hidden: Int, epochs: Double) {
      func network(_ hidden: Int) -> NetworkSettings {
        Recipe.network(data, hidden: hidden, mogrifierRounds: mogrifierRounds, requested)
      }
      func trainedCount(_ hidden: Int) -> Double {
        seconds * speed.tokensPerSecond(network(hidden), by: steps, on: data)
      }
      let hidden = Recipe.sizes.last { hidden in
        let decoder = hidden * data.outputTokenizer.vocabulary.count
        let recurrent = network(hidden).multiplicationCount(data) - decoder
        return hidden <= largest
          && min(trainedCount(hidden), mostEpochs * tokenCount)
            >= Recipe.tokensPerLayerWeight * Double(recurrent) + Double(decoder)
      }
      let chosen = requested[\.network.hidden] ?? hidden ?? Recipe.sizes[0]
      return (chosen, trainedCount(chosen) / tokenCount)
    }
    var (hidden, epochs) = plan(mogrifierRounds: 0)
    let rounds = Recipe.mogrifierRounds(data, epochs: epochs, requested)
    if rounds > 0 { (hidden, epochs) = plan(mogrifierRounds: rounds) }
    self.init(tokenCount: data.trainTokenCount, hidden: hidden, epochs: min(epochs, mostEpochs))
    mogrifierRounds = rounds
    // The number is an estimate: where it is close, the clock decides.
    endsEarly = epochs > 1.2 * mostEpochs
  }

  /// The network of a width.
  private static func network(
    _ data: TrainingData, hidden: Int, mogrifierRounds: Int, _ requested: RequestedSettings
  ) -> NetworkSettings {
    let isTied = isTied(data, requested)
    return NetworkSettings(
      cell: requested[\.network.cell] ?? .lstm, layers: requested[\.network.layers] ?? 1, hidden: hidden,
      embedding: requested[\.network.embedding] ?? (isTied ? hidden : min(widestEmbedding, hidden)), tied: isTied,
      layerNorm: requested[\.network.layerNorm] ?? false, mogrifierRounds: mogrifierRounds)
  }

  /// A mogrifier learns more from each token, but reads fewer in the same time: it pays where a text of some length is read
  /// some times over. With a wider embedding, as a tied network has, it costs too much; with other cells, more layers or layer
  /// normalization it was not measured.
  /// - Parameter epochs: how often the text would be read without one.
  private static func mogrifierRounds(_ data: TrainingData, epochs: Double, _ requested: RequestedSettings) -> Int {
    if let rounds = requested[\.network.mogrifierRounds] { return rounds }
    let isMeasured =
      requested[\.network.cell] ?? .lstm == .lstm && requested[\.network.layers] ?? 1 == 1
      && requested[\.network.embedding] ?? widestEmbedding <= widestEmbedding
      && !(requested[\.network.layerNorm] ?? false) && !isTied(data, requested)
    return isMeasured && data.trainTokenCount >= 200_000 && epochs >= 3 ? 2 : 0
  }

  /// How large a network a text can support, and how many epochs help.
  private static func limits(tokenCount: Int) -> (hidden: Int, epochs: Double) {
    switch tokenCount {
    case ..<30_000: (128, 60)
    case ..<300_000: (512, 60)
    case ..<3_000_000: (1024, 150)
    default: (2048, .infinity)
    }
  }
}
