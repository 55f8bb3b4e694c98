import CharLM
import RecurrentNN

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// What works for a size of corpus and a length of training.
struct Recipe {
  var layers = 1
  var hidden: Int
  var embedding = 128
  var dropout: Float
  var regularization = Regularization()
  var batch: Int
  var bptt = 64
  var epochs: Double
  var weightDecay: Float = 0.01
  var warmup = 50
  /// The rate of a layer of 256 under Adam.
  var peakRate: Float = 14e-3
  /// The highest rate under Adam, however narrow a layer is.
  var largestRate: Float = 28e-3
  var averageDecay: Float = 0.998
  /// Whether training should end before the time that was given.
  var endsEarly = false

  /// - Parameter epochs: nil for those that the size asks for.
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

  private init(tokenCount: Int, hidden: Int, epochs: Double) {
    self.hidden = hidden
    self.epochs = epochs
    let isShort = tokenCount < 300_000
    batch = tokenCount < 30_000 ? 8 : isShort ? 16 : 32
    dropout = Recipe.dropout(epochs: epochs) + (isShort ? 0.1 : 0)
    if isShort || epochs > 15 {
      regularization.embeddingDropout = 0.05
      regularization.weightDrop = 0.2
    }
    regularization.activation = 2
  }

  /// The more often a text is read, the more has to be hidden of the network each time. Between the measured points
  /// the probability goes with the logarithm of the epochs.
  private static func dropout(epochs: Double) -> Float {
    let points = [(1.0, 0.0), (6, 0.25), (12, 0.35), (25, 0.4), (60, 0.5)].map { (x: log($0.0), y: $0.1) }
    return Float((20 * interpolated(points, at: log(epochs))).rounded() / 20)
  }

  /// Wider layers want smaller steps; each rule has a measure of its own.
  func learningRate(hidden: Int, optimizer: OptimizerKind) -> Float {
    let factor: Float =
      switch optimizer {
      case .adam, .adamw: 1
      case .rmsprop: 0.4
      case .sgd: 400
      }
    return factor * min(largestRate, peakRate * (256 / Float(hidden)).squareRoot())
  }
}

// MARK: Pairs

extension Recipe {
  init(pairsOf job: TrainingData) {
    let (hidden, embedding, epochs): (Int, Int, Double) =
      switch job.trainTokenCount {
      case ..<1000: (16, 16, 300)
      case ..<30_000: (128, 32, 60)
      case ..<1_000_000: (128, 32, 20)
      default: (256, 64, 5)
      }
    self.init(tokenCount: .max, hidden: hidden, epochs: epochs)
    self.embedding = embedding
    dropout = 0
    (regularization, averageDecay) = (Regularization(), 0)
    (peakRate, largestRate) = (5e-3, 5e-3)
    if job.trainTokenCount < 1000 { warmup = 0 }
  }
}

// MARK: A time

extension Recipe {
  private static let sizes = [64, 128, 192, 256, 384, 512, 768, 1024, 1536, 2048]
  /// A network learns well that sees so many tokens for each of its weights.
  private static let tokensPerParameter = 5.0

  /// The largest network that sees enough tokens in the time, on this machine.
  init(_ job: TrainingData, seconds: Double, speed: MachineSpeed, _ requested: RequestedSettings) {
    let tokenCount = Double(job.trainTokenCount)
    let (largest, mostEpochs) = Recipe.limits(tokenCount: job.trainTokenCount)
    func network(_ hidden: Int) -> NetworkSettings {
      NetworkSettings(
        cell: requested.cell ?? .lstm, layers: requested.layers ?? 1, hidden: hidden,
        embedding: requested.embedding ?? (requested.tied ?? false ? hidden : min(128, hidden)),
        tied: requested.tied ?? false, layerNorm: requested.layerNorm ?? false)
    }
    let hidden =
      Recipe.sizes.last { hidden in
        let network = network(hidden)
        let trained = min(seconds * speed.tokensPerSecond(network, on: job), mostEpochs * tokenCount)
        return hidden <= largest && trained >= Recipe.tokensPerParameter * Double(network.multiplicationCount(job))
      } ?? Recipe.sizes[0]
    let chosen = requested.hidden ?? hidden
    let epochs = seconds * speed.tokensPerSecond(network(chosen), on: job) / tokenCount
    self.init(tokenCount: job.trainTokenCount, hidden: chosen, epochs: min(epochs, mostEpochs))
    // The number is an estimate: where it is a near thing the time decides.
    endsEarly = epochs > 1.2 * mostEpochs
  }

  /// How large a network a text can fill, and how often it can be read with profit.
  private static func limits(tokenCount: Int) -> (hidden: Int, epochs: Double) {
    switch tokenCount {
    case ..<30_000: (256, 60)
    case ..<300_000: (512, 60)
    case ..<3_000_000: (1024, 150)
    default: (2048, .infinity)
    }
  }
}
