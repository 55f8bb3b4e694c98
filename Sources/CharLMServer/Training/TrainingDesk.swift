import CharLM
import CharLMTraining
import Synchronization
import TrainingWatch

/// Trains what clients ask for: one run at a time. What it has made is offered with the other models.
final class TrainingDesk: Sendable {
  private struct Present {
    let number: Int
    let name: String
    let task: TrainingTask
  }

  private struct State {
    var present: Present?
    var count = 0
    var isClosed = false
  }

  private let permission: TrainingPermission
  private let shelf: ModelShelf
  private let threadCount: Int
  private let state = Mutex(State())

  init(_ permission: TrainingPermission, _ shelf: ModelShelf, threadCount: Int) {
    (self.permission, self.shelf, self.threadCount) = (permission, shelf, threadCount)
  }

  /// The name of the run that trains; nil where none does.
  var presentName: String? { state.withLock { $0.present?.name } }

  /// Begins a run; returns once its corpus is read and its log has begun.
  /// - Throws: `RequestError` where another one trains, or this one cannot be.
  func begin(_ order: RunOrder) async throws {
    do {
      try await withCheckedThrowingContinuation { (begun: CheckedContinuation<Void, any Error>) in
        let refusal = state.withLock { state -> RequestError? in
          if state.isClosed {
            return RequestError(status: .serviceUnavailable, message: "the server is shutting down")
          }
          if let present = state.present {
            let message =
              "'\(present.name)' is training; one run trains at a time, so stop it first, or wait for its end"
            return RequestError(status: .conflict, message: message)
          }
          state.count += 1
          state.present = Present(
            number: state.count, name: order.name, task: task(order, number: state.count, begun))
          return nil
        }
        if let refusal { begun.resume(throwing: refusal) }
      }
    } catch {
      throw RequestError(training: error) ?? error
    }
  }

  /// Stops a run after its present step; returns once it is saved.
  /// - Throws: `RequestError` where this run does not train.
  func stop(_ name: String) async throws(RequestError) {
    let task = state.withLock { $0.present?.name == name ? $0.present?.task : nil }
    guard let task else {
      throw RequestError(status: .conflict, message: "'\(name.prefix(100))' does not train now", field: "run")
    }
    task.cancel()
    _ = try? await task.snapshot
  }

  /// Stops the run that trains, if there is one; no other begins.
  func close() {
    let task = state.withLock { state in
      state.isClosed = true
      return state.present?.task
    }
    task?.cancel()
  }

  /// Returns once no run trains.
  func ended() async {
    let task = state.withLock { $0.present?.task }
    _ = try? await task?.snapshot
  }

  private func task(_ order: RunOrder, number: Int, _ begun: CheckedContinuation<Void, any Error>) -> TrainingTask {
    TrainingTask { [self] isInterrupted, progress in
      defer {
        state.withLock { if $0.present?.number == number { $0.present = nil } }
      }
      let training: WatchedTraining
      do { training = try WatchedTraining(order, permission, threadCount: threadCount) } catch {
        begun.resume(throwing: error)
        throw error
      }
      begun.resume()
      let model = try training.perform(isInterrupted: isInterrupted, progress: progress)
      shelf.offer(model, from: order.name, modelPath: order.modelPath)
      return model
    }
  }
}

/// A run with its log.
private struct WatchedTraining {
  private let run: TrainingRun
  private let watch: RunWatch
  private let start = ContinuousClock.now

  private static let sampleCount = 12

  init(_ order: RunOrder, _ permission: TrainingPermission, threadCount: Int) throws {
    let start = start
    run = try order.makeRun(threadCount: threadCount) { (ContinuousClock.now - start) / .seconds(1) }
    let log = try RunLogWriter(path: order.logPath, isAppending: order.isResumed)
    watch = RunWatch(
      run, observers: [log], sampleCount: run.data.kind == .language ? WatchedTraining.sampleCount : nil,
      peakMegabytes: permission.peakMegabytes)
    // The server's own words hold its token.
    let description = RunDescription(run, program: permission.program, command: [], threads: threadCount)
    watch.begin(run, description, clock: seconds)
  }

  private var seconds: Double { (ContinuousClock.now - start) / .seconds(1) }

  /// Trains to the end, or until it is interrupted.
  func perform(isInterrupted: () -> Bool, progress: (TrainingStatus) -> Void) throws -> ModelSnapshot {
    let end: TrainingEnd
    do throws(TrainingFailure) {
      end = try run.run(clock: { seconds }, isInterrupted: isInterrupted) { event in
        watch.note(event, of: run, clock: seconds)
        if case .step = event { progress(run.status) }
      }
    } catch {
      watch.fail(error.description, of: run, clock: seconds)
      throw error
    }
    watch.end(end, of: run, clock: seconds)
    return run.model
  }
}
