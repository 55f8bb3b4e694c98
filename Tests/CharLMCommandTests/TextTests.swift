import CharLM
import CharLMTraining
import RecurrentNN
import Testing

@testable import CharLMCommand

/// Durations, numbers and lines as people read and write them.
@Suite struct TextTests {
  @Test(
    "times are read as people write them",
    arguments: [
      ("90s", 90.0), ("10m", 600), ("1h30m", 5400), ("1h 30m", 5400), ("1.5h", 5400), ("2d", 172_800), ("45", 45),
      ("0.5", 0.5), ("1d2h3m4s", 93784),
    ])
  func times(_ text: String, _ seconds: Double) { #expect(Seconds(argument: text)?.time.seconds == seconds) }

  @Test(
    "what is not a time is refused",
    arguments: [
      "", "0", "0s", "-5", "-5s", "ten", "5x", "m", "30m1h", "1m1m", "5m30", "1e5s", "nan", "inf", "999999d", "1..5s",
    ])
  func noTimes(_ text: String) { #expect(Seconds(argument: text) == nil) }

  @Test("numbers are written with units")
  func numbers() {
    #expect(Quantity.count(1_234_567) == "1,234,567")
    #expect(Quantity.count(999) == "999")
    #expect(Quantity.count(-1000) == "-1,000")
    #expect(Quantity.count(1, "step") == "1 step")
    #expect(Quantity.fixed(1.5349, 3) == "1.535")
    #expect(Quantity.fixed(0.004, 2) == "0.00")
    #expect(Quantity.fixed(-0.004, 2) == "0.00")
    #expect(Quantity.fixed(-2.5, 1) == "-2.5")
    #expect(Quantity.fixed(.nan, 2) == "nan")
    #expect(Quantity.bytes(512) == "512 bytes")
    #expect(Quantity.bytes(2048) == "2.0 KB")
    #expect(Quantity.bytes(1_115_394) == "1.1 MB")
    #expect(Quantity.bytes(3 << 30) == "3.0 GB")
    #expect([3.4, 59.6, 125, 3725, 90_000].map(Quantity.time) == ["3s", "1m 00s", "2m 05s", "1h 02m", "1d 1h"])
    #expect(
      [0.005, 0.0035355338, 0.4, 12, 1000, 3e-5].map(Quantity.short) == [
        "0.005", "0.00354", "0.4", "12", "1000", "3e-05",
      ])
  }

  @Test("words are quoted for a shell where they must be")
  func quoting() {
    #expect(CommandText.quoted("models/a-b_c.safetensors") == "models/a-b_c.safetensors")
    #expect(CommandText.quoted("two words") == "'two words'")
    #expect(CommandText.quoted("it's") == "'it'\\''s'")
    #expect(CommandText.quoted("") == "''")
    #expect(CommandText.quoted("日本.txt") == "日本.txt")
  }

  @Test("the command that repeats a budget has its steps instead, and what was chosen for it")
  func repeating() throws {
    var settings = RunSettings(
      network: NetworkSettings(layers: 1, hidden: 512, embedding: 128, dropout: 0.25),
      training: TrainingSettings(
        batch: 32, bptt: 64, length: .budget(seconds: 120), schedule: LearningRateSchedule(peak: 0.01),
        validationInterval: 20, averageDecay: 0.998))
    settings.training.regularization.activation = 2
    func command(_ words: String...) throws -> String {
      let command = try #require(try RootCommand.parsed(words) as? TrainCommand)
      return command.repeating(steps: 812, settings: settings)
    }
    let network = " --layers 1 --hidden 512 --embedding 128 --dropout 0.25 --mogrify 0"
    let training =
      " --batch 32 --bptt 64 --optimizer adam --learning-rate 0.01 --warmup 0 --weight-decay 0.0 --ema 0.998 --precision float32"
    let regularization = " --embedding-dropout 0.0 --weight-drop 0.0 --ar 2.0 --tar 0.0"
    #expect(
      try command("train", "my text.txt", "--budget", "2m", "--json")
        .hasSuffix(" train 'my text.txt' --steps 812 --json\(network)\(training)\(regularization)"))
    #expect(
      try command("train", "a", "--budget=2m", "--hidden=64")
        .hasSuffix(
          " train a --steps 812 --hidden 64 --layers 1 --embedding 128 --dropout 0.25 --mogrify 0\(training)\(regularization)"
        ))
    #expect(
      try command("train", "--ar", "1", "--budget", "2m", "--quiet", "--", "-a")
        .hasSuffix(
          " train --steps 812 --quiet --ar 1.0 -- -a\(network)\(training) --embedding-dropout 0.0 --weight-drop 0.0 --tar 0.0"
        ))
    // With a width of its own alone, the embedding would be kept apart.
    (settings.network.embedding, settings.network.tied) = (512, true)
    #expect(try command("train", "a", "--budget", "2m").contains(" --steps 812 --tied --layers 1 --hidden 512 "))
  }
}

/// The progress line and what it is made from.
@Suite struct ProgressTests {
  private let line = ProgressLine(
    step: 1234, stepCount: 2339, epochs: 13.19, fraction: 0.527, nats: 1.5321, validNats: 1.7481, bestNats: 1.7214,
    tokensPerSecond: 123_456.7, secondsLeft: 83)

  @Test("says step, part, epoch, loss, validation, rate and time left")
  func whole() {
    #expect(
      line.text()
        == "step 1,234/2,339  52%  epoch 13.19  loss 1.532  (2.21 bits)  valid 1.748 (best 1.721)  123,456 tokens/s  1m 23s left"
    )
  }

  @Test("says that the last validation is the best", arguments: [1.7214, nil])
  func bestNow(_ validNats: Double?) {
    var line = line
    line.validNats = validNats
    #expect(line.text().contains("  valid 1.721 (best)  "))
  }

  @Test("leaves out what is not known yet")
  func beginning() {
    let line = ProgressLine(
      step: 1, stepCount: nil, epochs: 0.01, fraction: 0, nats: 4.17, validNats: nil, bestNats: nil,
      tokensPerSecond: .nan, secondsLeft: nil)
    #expect(line.text() == "step 1  0%  epoch 0.01  loss 4.170  (6.02 bits)  0 tokens/s")
  }

  @Test("leaves out the less important where the terminal is narrow", arguments: 1...130)
  func narrow(_ width: Int) {
    let text = line.text(width: width)
    #expect(text.count <= width)
    if width >= 11 { #expect(text.contains("1m 23s left")) }
    if width >= 23 { #expect(text.contains("loss 1.532")) }
    if width >= 80 { #expect(text.contains("valid 1.748 (best 1.721)") && text.contains("1m 23s left")) }
  }

  @Test("loss and rate are smoothed, and a pause for validation is not counted")
  func pace() {
    var pace = SmoothedProgress()
    pace.note(nats: 4, tokenCount: 1000, at: 1)
    #expect(pace.nats == 4)
    for step in 1...100 { pace.note(nats: 2, tokenCount: 1000, at: 1 + Double(step) * 0.1) }
    #expect(abs(pace.nats - 2) < 0.05)
    #expect(abs(pace.tokensPerSecond - 10000) < 1)
    pace.note(nats: 2, tokenCount: 1000, at: 20)
    #expect(abs(pace.tokensPerSecond - 10000) < 1)
  }

  @Test("the time left follows the part that is over")
  func timeLeft() {
    let pace = SmoothedProgress()
    #expect(pace.secondsLeft(elapsed: 10, from: 0, to: 0.25) == 30)
    #expect(pace.secondsLeft(elapsed: 10, from: 0.5, to: 0.75) == 10)
    #expect(pace.secondsLeft(elapsed: 0.1, from: 0, to: 0.25) == nil)
    #expect(pace.secondsLeft(elapsed: 10, from: 0.5, to: 0.5) == nil)
  }
}
