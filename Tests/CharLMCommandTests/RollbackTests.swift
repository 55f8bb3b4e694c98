import CharLMText
import Foundation
import RecurrentNN
import TestSupport
import Testing

@testable import CharLM
@testable import CharLMCommand
@testable import CharLMData
@testable import CharLMTraining
@testable import TrainingWatch

/// What watches a run when the run goes back: no figure of what was undone is kept.
@Suite struct RollbackTests {
  private func makeRun(_ folder: WorkFolder) throws -> TrainingRun {
    try folder.file("corpus.txt", TestCorpus.words(400))
    let corpus = try Corpus(
      paths: [folder("corpus.txt")], settings: TextSettings(unit: .scalar), validation: .fraction(0.1))
    return TrainingRun(
      TrainingData(corpus), network: NetworkSettings(cell: .lstm, layers: 1, hidden: 12, embedding: 6, dropout: 0.1),
      settings: TrainingSettings(
        batch: 4, bptt: 12, length: .steps(60), optimizer: OptimizerSettings(kind: .adamw),
        schedule: LearningRateSchedule(peak: 0.01), randomSeed: 7, validationInterval: 10),
      modelPath: folder("run.safetensors"), threadCount: 1)
  }

  private func description(_ run: TrainingRun) -> RunDescription {
    RunDescription(run, program: "charlm", command: ["charlm"], threads: 1)
  }

  @Test("log, report and TensorBoard go back with the run")
  func rolledBack() throws {
    let folder = try WorkFolder()
    let run = try makeRun(folder)
    // Steps 35 to 39 fail once, so that the run goes back from 39 to 20, behind the validation at 30.
    run.saveInterval = .steps(20)
    var isPoisoned = true
    run.trainer.onGradients = { step, gradients in
      if step >= 34, isPoisoned { gradients.flat[gradients.flatCount / 2] = .nan }
      if step == 38 { isPoisoned = false }
    }
    let recorder = ReportRecorder(run)
    let board = try TensorBoardWriter(run, in: folder("board"))
    let log = try RunLogWriter(path: folder("log.jsonl"), isAppending: false)
    let watch = RunWatch(run, observers: [recorder, board, log], sampleCount: 12, peakMegabytes: { 0 })
    watch.begin(run, description(run), clock: 0)
    var means: [Int: Double] = [:]
    var (sum, count) = (0.0, 0)
    let end = try run.run(clock: { 0 }, isInterrupted: { false }) { event in
      switch event {
      case .step(let report) where !report.isSkipped:
        sum += report.nats * Double(report.tokenCount)
        count += report.tokenCount
      case .validated(let entry, _):
        means[entry.step] = sum / Double(count)
        (sum, count) = (0, 0)
      case .rolledBack: (sum, count) = (0, 0)
      default: break
      }
      watch.note(event, of: run, clock: 0)
    }
    watch.end(end, of: run, clock: 0)
    try #require(run.record.rollbacks == 1)
    #expect(recorder.points.map(\.step) == [10, 20, 30, 40, 50, 60])
    #expect(recorder.points.map(\.trainNats) == recorder.points.map { means[$0.step] })
    #expect(recorder.samples.map(\.step) == [10, 20, 40, 50, 60])
    #expect(try RunLog(path: folder("log.jsonl")).points == recorder.points)
    let events = String(decoding: try folder.bytes("log.jsonl"), as: UTF8.self)
    #expect(events.contains("\"event\":\"rolled_back\""))
    #expect(try restarts(folder) == [21])
  }

  @Test("a run in the folder of another one starts from scratch for TensorBoard")
  func sameFolder() throws {
    let folder = try WorkFolder()
    let run = try makeRun(folder)
    _ = try TensorBoardWriter(run, in: folder("board"))
    let board = try TensorBoardWriter(run, in: folder("board"))
    board.note(.begun(description(run)), of: run, at: 0)
    #expect(try restarts(folder) == [0])
  }

  /// The steps of the restarts in TensorBoard's files, of one byte each.
  private func restarts(_ folder: WorkFolder) throws -> [Int] {
    let files = folder.contents.map { String($0.split(separator: " ")[0]) }.filter { $0.contains("events.out") }
    return try files.flatMap { name in
      let bytes = try folder.bytes(name)
      var (steps, start) = ([Int](), 0)
      while start + 12 < bytes.count {
        let length = bytes[start..<start + 8].reversed().reduce(0) { $0 << 8 | Int($1) }
        // After the time, of nine bytes.
        let event = bytes[start + 12 + 9..<start + 12 + length]
        if event.suffix(4) == [0x3A, 2, 8, 1] { steps.append(event.count > 4 ? Int(event[event.startIndex + 1]) : 0) }
        start += 12 + length + 4
      }
      return steps
    }
  }
}
