import CharLM
import CharLMData
import RecurrentNN
import Synchronization

/// A training in a thread of its own, to be watched, awaited and cancelled from tasks.
///
///     let training = LanguageModel.trainingTask(on: text)
///     for await status in training.progress { print(status.step, status.trainNats ?? .nan) }
///     let model = try await training.model
///
/// It has its own thread because it computes for minutes or hours, which the threads of Swift's tasks are not for. It goes
/// on, like a `Task`, where nobody keeps or awaits it.
public final class TrainingTask: Sendable {
  /// How the training stands, after steps: the newest status where steps come faster than they are read. It ends with the
  /// training, whatever its end. For one reader.
  public let progress: AsyncStream<TrainingStatus>
  private let task: Task<ModelSnapshot, any Error>
  private let isStopped: StopFlag

  /// Starts a training.
  /// - Parameter makeRun: makes the run, in the training's thread; new, or resumed from its file.
  public convenience init(_ makeRun: @escaping @Sendable () throws -> TrainingRun) {
    self.init { isInterrupted, progress in
      if isInterrupted() { throw CancellationError() }
      return try makeRun().trained(isInterrupted: isInterrupted, progress: progress)
    }
  }

  /// Starts a training that somebody else carries out and watches.
  /// - Parameter body: called in the training's thread, with what tells whether it was cancelled, and what is to be told
  ///   how it stands.
  package init(
    carriedOutBy body:
      @escaping @Sendable (
        _ isInterrupted: () -> Bool, _ progress: (TrainingStatus) -> Void
      ) throws -> ModelSnapshot
  ) {
    let (progress, continuation) = AsyncStream.makeStream(
      of: TrainingStatus.self, bufferingPolicy: .bufferingNewest(1))
    let isStopped = StopFlag()
    (self.progress, self.isStopped) = (progress, isStopped)
    task = Task.detached {
      try await withCheckedThrowingContinuation { result in
        startDetachedThread {
          let outcome = Result { try body({ isStopped.isSet }) { continuation.yield($0) } }
          continuation.finish()
          result.resume(with: outcome)
        }
      }
    }
  }

  /// The language model, when training has ended: the best one by its validation text. Where the task that waits for it
  /// is cancelled, the training is.
  /// - Throws: what `LanguageModel.train` throws; `CancellationError` where the training was cancelled before its end;
  ///   `CheckpointError` where the run was one of pairs.
  public var model: LanguageModel {
    get async throws {
      let snapshot = try await snapshot
      guard let model = LanguageModel(snapshot) else {
        throw CheckpointError.model(
          source: "the run", .wrongKind(expected: .language, found: snapshot.kind))
      }
      return model
    }
  }

  /// The model of either kind, when training has ended; as `model`.
  public var snapshot: ModelSnapshot {
    get async throws {
      try await withTaskCancellationHandler {
        try await task.value
      } onCancel: {
        cancel()
      }
    }
  }

  /// Ends the training after the present step. A run that writes files saves first, and can be resumed from them:
  ///
  ///     let training = TrainingTask { try TrainingRun(resuming: "models/book.safetensors", threadCount: 4) }
  public func cancel() { isStopped.set() }
}

/// A wish to stop, noted by any thread.
private final class StopFlag: Sendable {
  private let value = Atomic(false)

  var isSet: Bool { value.load(ordering: .relaxed) }
  func set() { value.store(true, ordering: .relaxed) }
}

extension LanguageModel {
  /// Trains a model on a text in memory, in a thread of its own; see `train(on:)`.
  public static func trainingTask(
    on text: String, requested: RequestedSettings = RequestedSettings(), threadCount: Int? = nil
  ) -> TrainingTask {
    TrainingTask {
      try TrainingRun(on: Corpus(text: text), requested: requested, modelPath: nil, threadCount: threadCount)
    }
  }

  /// Trains a model on a corpus, in a thread of its own; see `train(on:)`.
  public static func trainingTask(
    on corpus: Corpus, requested: RequestedSettings = RequestedSettings(), modelPath: String? = nil,
    threadCount: Int? = nil
  ) -> TrainingTask {
    TrainingTask {
      try TrainingRun(on: corpus, requested: requested, modelPath: modelPath, threadCount: threadCount)
    }
  }
}
