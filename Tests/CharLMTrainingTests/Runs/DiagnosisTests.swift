import CharLMData
import Testing

@testable import CharLM
@testable import CharLMTraining

/// What a run's figures say, and when a run whose length nobody asked for ends.
@Suite struct DiagnosisTests {
  /// A record of validations every 20 steps, as a run would leave it.
  private func record(
    _ validNats: [Double], train: [Double]? = nil, length: TrainingLength = .steps(1000)
  ) throws -> TrainingRecord {
    let test = try TestRun()
    var record = test.make().record
    record.settings.length = length
    for (number, nats) in validNats.enumerated() {
      let step = 20 * (number + 1)
      record.history.append(
        HistoryEntry(step: step, trainNats: train?[number] ?? 4 - 0.1 * Double(number), validNats: nats))
      record.steps = step
      if nats < record.bestValidNats ?? .infinity {
        (record.bestValidNats, record.bestStep, record.validationsSinceBest) = (nats, step, 0)
      } else {
        record.validationsSinceBest += 1
      }
    }
    return record
  }

  @Test("validation that rises while the training loss falls is overfitting")
  func overfitting() throws {
    let record = try record([3.1, 2.8, 2.79, 2.9, 3.0, 3.1])
    guard case .overfitted(let best, let last) = TrainingDiagnosis.after(record) else {
      Issue.record("\(String(describing: TrainingDiagnosis.after(record)))")
      return
    }
    #expect(best.step == 60 && last.step == 120)
  }

  @Test(
    "noise around the best is not overfitting, and nor is a loss that rises everywhere",
    arguments: [([3.0, 2.8, 2.801, 2.802, 2.803], nil), ([3.0, 2.8, 2.9, 3.0, 3.1], [3, 2.8, 2.9, 3, 3.1])])
  func noOverfitting(_ validNats: [Double], _ train: [Double]?) throws {
    #expect(TrainingDiagnosis.after(try record(validNats, train: train)) == nil)
  }

  @Test("validation that falls fast to the end is underfitting")
  func underfitting() throws {
    guard case .underfitted(let earlier, let last) = TrainingDiagnosis.after(try record([4, 3.5, 3, 2.6, 2.3, 2]))
    else {
      Issue.record("no diagnosis")
      return
    }
    #expect(earlier.step == 80 && last.step == 120)
    #expect(TrainingDiagnosis.after(try record([4, 2.5, 2.3, 2.2, 2.15, 2.14])) == nil)
  }

  @Test("few steps are worth a word where the clock ended the run, and there alone")
  func fewSteps() throws {
    #expect(TrainingDiagnosis.after(try record([4], length: .budget(seconds: 20))) == .fewSteps(20))
    #expect(TrainingDiagnosis.after(try record([4], length: .steps(20))) == nil)
  }

  @Test("a small text is told from a tiny one", arguments: [(1000, 0), (10_000, 1), (40_000, 2)])
  func sizes(_ characterCount: Int, _ kind: Int) throws {
    let text = String(repeating: "abcdefghi ", count: characterCount / 10)
    let data = TrainingData(try Corpus(text: text))
    switch TrainingDiagnosis.before(data) {
    case .tinyText(let count): #expect(kind == 0 && count == data.trainTokenCount)
    case .smallText(let count): #expect(kind == 1 && count == data.trainTokenCount)
    default: #expect(kind == 2)
    }
  }

  @Test("a run without a requested length has patience, which another length on resuming ends")
  func automaticPatience() throws {
    let data = TrainingData(try Corpus(text: String(repeating: "abcdefghi ", count: 3000)))
    var settings = try AutomaticSettings.settings(for: data).training
    let patience = try #require(settings.patience)
    #expect(patience >= 4 && settings.isPatienceAutomatic == true)
    settings.replaceLength(.steps(5))
    #expect(settings.patience == nil && settings.isPatienceAutomatic == nil && settings.length == .steps(5))
    var requested = RequestedSettings()
    requested[\.training.length] = .steps(100)
    #expect(try AutomaticSettings.settings(for: data, requested: requested).training.patience == nil)
    requested = RequestedSettings()
    requested[\.training.patience] = 7
    settings = try AutomaticSettings.settings(for: data, requested: requested).training
    #expect(settings.patience == 7 && settings.isPatienceAutomatic == nil)
    settings.replaceLength(.steps(5))
    #expect(settings.patience == 7)
    let silent = TrainingData(try Corpus(text: String(repeating: "abcdefghi ", count: 300), validation: .fraction(0)))
    #expect(try AutomaticSettings.settings(for: silent).training.patience == nil)
  }
}
