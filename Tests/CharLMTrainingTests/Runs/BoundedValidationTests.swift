import CharLMData
import CharLMText
import Testing

@testable import CharLM
@testable import CharLMTraining

/// Runs validate on a sample of a validation text that would take too long to read.
@Suite struct BoundedValidationTests {
  private func data(_ count: Int) throws -> TrainingData {
    TrainingData(try Corpus(text: String(repeating: "one two three ", count: count), validation: .fraction(0.3)))
  }

  @Test("a sample has pieces from beginning to end, and their size")
  func sample() throws {
    // Tokens that rise, so that each says where it stood.
    let letters = (0..<1000).map { String(UnicodeScalar(0x4E00 + $0)!) }
    let text = letters.flatMap { Array(repeating: $0, count: 100) }.joined()
    let whole = TrainingData(try Corpus(text: text + text, validation: .fraction(0.5)))
    let part = try #require(try whole.validating(upTo: 1 << 16).validationText)
    let tokens = try part.tokens.tokens()
    let all = try #require(try whole.validationText?.tokens.tokens())
    #expect(tokens.count == 1 << 16 && part.predicted.graphemeCount == 1 << 16 - 1)
    #expect(tokens.first == all.first && tokens.last == all.last)
    #expect(zip(tokens, tokens.dropFirst()).count { $1 > $0 + 1 } == 15)
    #expect(tokens == tokens.sorted())
  }

  @Test("a short sample is the beginning, and has the tokens, bytes and graphemes of its text")
  func beginning() throws {
    let whole = try data(100)
    let part = try whole.validating(upTo: 50)
    let text = try #require(part.validationText)
    #expect(text.tokens.count == 50 && text.predicted.byteCount == 49 && text.predicted.graphemeCount == 49)
    #expect(part.validationTokenCount == 50 && part.wholeValidationTokenCount == whole.validationTokenCount)
    #expect(try text.tokens.tokens() == whole.validationText?.tokens.tokens(0..<50))
    #expect(try whole.validating(upTo: 5000).validationTokenCount == whole.validationTokenCount)
    #expect(try whole.validating(upTo: nil).validationTokenCount == whole.validationTokenCount)
  }

  @Test("a run's figures are those of the part, after a resume too")
  func run() throws {
    var test = try TestRun()
    test.settings.validationTokenLimit = 40
    test.data = try test.data.validating(upTo: 40)
    test.settings.length = .steps(20)
    let run = test.make()
    #expect(try run.train() == .finished)
    let text = try #require(run.data.validationText)
    let model = try #require(LanguageModel(run.model))
    #expect(try model.evaluate(text).sums.natsPerToken == run.record.bestValidNats)
    #expect(text.tokens.count == 40)
    #expect(try test.resume(length: .steps(30)).data.validationTokenCount == 40)
  }

  @Test("a text that can be read in time is read whole", arguments: [(10.0, false), (100_000, true)])
  func limit(_ seconds: Double, _ isWhole: Bool) throws {
    let data = try data(40_000)
    var requested = RequestedSettings()
    requested[\.training.length] = .budget(seconds: seconds)
    let speed = MachineSpeed(tokensPerSecond: 1000, of: NetworkSettings(hidden: 512), on: data)
    let settings = try AutomaticSettings.settings(for: data, requested: requested, speed: speed)
    #expect(settings.training.validationTokenLimit == (isWhole ? nil : 1 << 16))
  }

  @Test(
    "a run of few steps reads a sixth of its tokens, at least 65,536; one that reads its text all of the validation text",
    arguments: [
      (TrainingLength.steps(3), 1 << 16 as Int?), (.steps(400), 400 * 1024 / 6), (.steps(2000), nil),
      (.epochs(0.1), 1 << 16),
      (.epochs(3), nil),
    ])
  func shortRuns(_ length: TrainingLength, _ limit: Int?) throws {
    let data = try data(40_000)
    var requested = RequestedSettings()
    requested[\.training.length] = length
    (requested[\.training.batch], requested[\.training.bptt]) = (16, 64)
    let training = try AutomaticSettings.settings(for: data, requested: requested).training
    #expect(training.validationTokenLimit == limit)
    // Each validation takes the time of a sixth of its interval's steps or less, and none is left out.
    #expect(training.validationInterval * 1024 >= (limit ?? data.validationTokenCount) * 6 - 1024)
    #expect(requested[\.training.validationTokenLimit] == nil)
    requested[\.training.validationTokenLimit] = 5000
    #expect(try AutomaticSettings.settings(for: data, requested: requested).training.validationTokenLimit == 5000)
  }
}
