import CharLM
import CharLMFiles
import CharLMTraining
import RecurrentNN

// What several ranks have to know of each other before they train together.
extension PlannedRun {
  /// Makes sure that all ranks read the same text.
  static func checkSameCorpus(_ data: TrainingData, _ communicator: Communicator) throws {
    try communicator.checkSame(
      (data.corpus.files + [data.corpus.validationFile].compactMap(\.self)).map(\.sha256).joined(),
      problem: { "rank \($0) has a different \(data.corpus.name) from the first one" },
      next: "give all the same files, in a folder that they share or in copies")
  }

  /// The first rank's settings, for all.
  static func shared(_ settings: RunSettings, _ communicator: Communicator) throws -> RunSettings {
    guard !communicator.isAlone else { return settings }
    return try SnakeCaseJSON.value(
      RunSettings.self, from: communicator.shared(Array(SnakeCaseJSON.text(settings).utf8)))
  }

  /// Settles how often ranks meet, where that was left open, by measuring some steps that they share. SOAP does more in its
  /// first steps than later: AdamW stands in for it.
  /// - Returns: what was measured, in words; nil where nothing was.
  static func chooseSyncInterval(
    _ settings: inout RunSettings, _ data: TrainingData, _ command: TrainCommand, _ communicator: Communicator
  ) throws -> String? {
    guard !communicator.isAlone, command.ranks.syncEvery == nil else { return nil }
    var training = settings.training
    if training.optimizer.kind == .soap { training.optimizer.kind = .adamw }
    let run = TrainingRun(
      data, network: settings.network, settings: training,
      threadCount: command.threads.count(communicator), communicator: communicator)
    let timing = try RankTiming.measured(run, clock: { Clock.seconds })
    settings.training.ranks?.syncInterval = timing.syncInterval
    return
      "\(Quantity.bytes(timing.byteCount)) per step take \(milliseconds(timing.sendingSeconds)) to send, "
      + "\(milliseconds(timing.waitingSeconds)) of it waiting, and \(milliseconds(timing.computingSeconds)) to compute"
  }

  private static func milliseconds(_ seconds: Double) -> String { Quantity.fixed(1000 * seconds, 1) + " ms" }

  /// How the ranks train together, in words.
  static func note(_ settings: RankSettings, measured: String?, _ communicator: Communicator) -> CommandNote {
    var text = Quantity.count(settings.count) + " processes"
    if let library = communicator.library { text += " by \(library)" }
    if settings.wire == .bfloat16 { text += ", which send bfloat16" }
    if let measured { text += "; \(measured)" }
    text +=
      settings.syncInterval == 1
      ? "; they share each step"
      : "; each takes \(Quantity.count(settings.syncInterval, "step")) by itself between averagings"
    if measured != nil { text += " (--sync-every \(settings.syncInterval))" }
    return CommandNote(.ranks, text)
  }
}

extension ThreadOption {
  /// The threads of a rank: those that were asked for, or its part of the cores of its machine.
  func count(_ communicator: Communicator) -> Int {
    threads ?? max(1, count / max(communicator.localSize, 1))
  }
}
