import CharLMText
import RecurrentNN

/// What one step did.
public struct StepReport: Hashable, Sendable {
  /// Updates made so far, this one included.
  public let step: Int
  /// The mean loss of the step's targets, in nats.
  public let nats: Double
  /// The norm of all gradients before clipping.
  public let gradientNorm: Double
  /// The learning rate of the update.
  public let learningRate: Float
  /// The number of targets.
  public let tokenCount: Int
}

/// Why training cannot go on.
public enum TrainingError: Error, Equatable, Sendable, CustomStringConvertible {
  /// The loss or the gradient is not a finite number.
  case diverged(step: Int, nats: Double, gradientNorm: Double)
  /// The training text's tokens cannot be read any more.
  case tokens(TokenFileError)
  /// A saved state does not fit the run.
  case stateMismatch(name: String, expected: Int, found: Int)
  /// This CPU has no products in the precision that was asked for.
  case unavailable(Precision)

  /// One line: what happened and what to try.
  public var description: String {
    switch self {
    case .diverged(let step, let nats, let norm):
      "training diverged at step \(step) (loss \(nats), gradient norm \(norm)): "
        + "a lower --learning-rate or a smaller --clip helps"
    case .tokens(let error): error.description
    case .stateMismatch(let name, let expected, let found):
      "the saved state has \(found) values of \(name), not \(expected)"
    case .unavailable(let precision):
      "this CPU does not multiply in \(precision.rawValue) (it takes AVX-512 with BF16): train with --precision float32"
    }
  }
}

/// Trains a network step by step: truncated backpropagation through time, clipping, Adam.
///
/// A stepper: whoever drives it decides when to validate, save, show progress or stop. It knows no clock; how much
/// of the run is over comes with each step.
public final class Trainer {
  /// The network's sizes.
  public let model: ModelSettings
  /// How it is trained.
  public let settings: TrainingSettings
  /// Updates made.
  public private(set) var stepCount = 0

  package let source: any BatchSource
  package let learner: Learner

  package init(
    model: ModelSettings, parameters: ParameterStore, source: any BatchSource, settings: TrainingSettings,
    threadCount: Int
  ) {
    self.model = model
    self.settings = settings
    self.source = source
    learner = Learner(
      model, store: parameters, optimizer: settings.optimizer, batchSize: source.batchSize,
      stepCapacity: source.stepCapacity, shardCount: min(settings.shards, source.batchSize), threadCount: threadCount,
      precision: settings.precision)
  }

  /// A trainer of a new language model.
  public convenience init(corpus: Corpus, model: ModelSettings, settings: TrainingSettings, threadCount: Int) {
    let vocabularyCount = corpus.tokenizer.vocabulary.count
    self.init(
      model: model,
      parameters: NetworkWeights.initialStore(
        model, inputVocabulary: vocabularyCount, outputVocabulary: vocabularyCount, seed: settings.randomSeed),
      source: StreamBatches(
        corpus.train, batchSize: settings.batch, stepCount: settings.bptt,
        documentID: corpus.tokenizer.vocabulary.documentID),
      settings: settings, threadCount: threadCount)
  }

  /// Updates made, as a multiple of the training text.
  public var epochs: Double { Double(stepCount) / source.stepsPerEpoch }

  /// The number of updates that the run has, nil where the clock decides.
  public var totalStepCount: Int? { settings.length.stepCount(stepsPerEpoch: source.stepsPerEpoch) }

  /// One update.
  /// - Parameters:
  ///   - progress: how much of the run is over, 0 to 1; nil where the settings give the number of steps.
  ///   - rate: the learning rate, in place of the schedule's.
  /// - Throws: `TrainingError.diverged` where loss or gradient is not finite; the parameters are then unchanged;
  ///   `.tokens` where the text lies in a file that cannot be read any more.
  public func step(progress: Double? = nil, rate: Float? = nil) throws(TrainingError) -> StepReport {
    let progress = progress ?? Double(stepCount) / Double(totalStepCount ?? 1)
    let targetCount: Int
    do throws(TokenFileError) {
      targetCount = try source.fill(learner.shards, step: stepCount)
    } catch {
      throw .tokens(error)
    }
    if !source.carriesState { for shard in learner.shards { shard.stack.resetState() } }
    let dropout =
      model.dropout > 0 ? (probability: model.dropout, seed: settings.randomSeed, step: stepCount) : nil
    let nats = learner.computeGradients(targetCount: targetCount, dropout: dropout) / Double(max(targetCount, 1))
    let norm = learner.gradientNorm()
    guard nats.isFinite, norm.isFinite else {
      throw .diverged(step: stepCount + 1, nats: nats, gradientNorm: norm)
    }
    let rate = rate ?? settings.schedule.rate(step: stepCount, progress: progress)
    learner.update(scale: clippingFactor(norm: norm, limit: settings.clip), rate: rate)
    stepCount += 1
    return StepReport(
      step: stepCount, nats: nats, gradientNorm: norm, learningRate: rate, tokenCount: targetCount)
  }

  /// An evaluator of the parameters as they are at each of its uses, in float32.
  package func makeEvaluator() -> Evaluator {
    guard settings.precision != .float32 else { return Evaluator(learner.weights, pool: learner.pool) }
    return Evaluator(Evaluator.weights(model, store: parameters), pool: learner.pool, repacks: true)
  }

  package var parameters: ParameterStore { learner.weights.store }
}

// MARK: Stopping and going on

extension Trainer {
  /// The tensors of the trainer's whole state: parameters, moments, carried states. With the settings and `stepCount`
  /// they say all that the next step depends on.
  package var stateTensors: [Safetensors.Tensor] {
    flatStores.map { tensor($0.name, $0.store.flat) } + carriedStates.map { tensor($0.name, $0.view) }
  }

  /// Takes over a state that `stateTensors` gave.
  /// - Throws: `TrainingError.stateMismatch` where a tensor is missing or of another size; then nothing is changed.
  package func restore(_ state: Safetensors, stepCount: Int) throws(TrainingError) {
    let places = flatStores.map { ($0.name, $0.store.flat) } + carriedStates.map { ($0.name, $0.view) }
    var values: [[Float]] = []
    for (name, place) in places {
      guard case .float32(let found) = state.tensor(named: name)?.values ?? .float32([]), found.count == place.count
      else {
        throw .stateMismatch(
          name: name, expected: place.count, found: state.tensor(named: name)?.values.count ?? 0)
      }
      values.append(found)
    }
    for ((_, place), found) in zip(places, values) { place.copy(from: found) }
    self.stepCount = stepCount
    learner.optimizer.stepCount = stepCount
    learner.refresh()
  }

  private var flatStores: [(name: String, store: ParameterStore)] {
    [
      ("parameters", learner.weights.store), ("first_moment", learner.optimizer.firstMoment),
      ("second_moment", learner.optimizer.secondMoment),
    ]
  }

  private var carriedStates: [(name: String, view: View<Float>)] {
    guard source.carriesState else { return [] }
    return learner.shards.enumerated().flatMap { shardNumber, shard in
      shard.stack.directions.enumerated().flatMap { layer, directions in
        directions.enumerated().flatMap { number, direction in
          [("hidden", direction.hidden), ("cell", direction.cell)].filter { $0.1.rowCount > 0 }.map {
            ("\($0.0).shard\(shardNumber).layer\(layer).direction\(number)", $0.1.view)
          }
        }
      }
    }
  }

  private func tensor(_ name: String, _ view: View<Float>) -> Safetensors.Tensor {
    Safetensors.Tensor(name: name, shape: [view.count], values: .float32(view.array))
  }
}
