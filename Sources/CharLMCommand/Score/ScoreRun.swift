import CharLM
import CharLMData
import CharLMFiles
import CharLMText
import RecurrentNN
import TrainingWatch

/// Scores a text once, for all that is to be made of it.
struct ScoreRun {
  private let command: ScoreCommand
  private let model: Ensemble
  private let text: PlacedText
  private let counts: AdaptiveCounts?
  private let communicator: Communicator

  init(
    _ command: ScoreCommand, _ model: Ensemble, _ text: PlacedText, counts: AdaptiveCounts?,
    _ communicator: Communicator
  ) {
    (self.command, self.model, self.text, self.counts) = (command, model, text, counts)
    self.communicator = communicator
  }

  private var scorer: TextScorer<Ensemble> {
    TextScorer(
      model, text, mixedWith: counts, threadCount: command.threads.count(communicator), communicator: communicator)
  }

  /// Reads its part for the first rank, which writes.
  func assist() throws {
    let scorer = scorer
    while try scorer.next() != nil {}
  }

  /// What was found.
  struct Result {
    /// Sums over all tokens.
    var sums = Sums()
    /// The most surprising words and lines.
    let parts: SurprisingParts
    /// The beginning of the text, in colors.
    let page: ScoredText

    struct Sums {
      var tokenCount = 0
      var bits = 0.0
    }
  }

  /// Scores the text, and writes what is written as it goes: the text in colors, and the scores as JSON Lines.
  func result() throws -> Result {
    let palette = Palette.ofTerminal
    let isColored = palette != .none && !command.output.json && command.jsonl != "-"
    let scorer = scorer
    var search = SurpriseSearch(text, limit: command.top)
    var page = ScoredText(text, model.tokenizer)
    var sums = Result.Sums()
    var colors = ColoredText(text, palette)
    var lines = ScoreLines(text, model.tokenizer.vocabulary)
    try withLines { write in
      while let scores = try scorer.next() {
        for score in scores {
          if let bits = score.bits { (sums.tokenCount, sums.bits) = (sums.tokenCount + 1, sums.bits + bits) }
          search.add(score)
          if command.html != nil { page.add(score) }
          if command.jsonl != nil, let piece = lines.add(score) { try write(piece) }
          if isColored, let piece = colors.add(score) { try StandardOutput.print(result: piece) }
        }
      }
      try write(lines.rest)
    }
    if isColored { try StandardOutput.print(result: colors.finish()) }
    return Result(sums: sums, parts: search.finish(), page: page)
  }

  /// Calls `body` with what writes to the file of `--jsonl`, which is there wholly or not at all.
  private func withLines(_ body: ((String) throws -> Void) throws -> Void) throws {
    guard let path = command.jsonl else { return try body { _ in } }
    guard path != "-" else { return try body { try StandardOutput.print(result: $0) } }
    let target = Files.resolved(path)
    try Files.ensureWritableFolder(Files.folder(of: target))
    var writer = try FileWriter(in: Files.folder(of: target), for: path)
    do {
      try body { try writer.write($0) }
    } catch {
      Files.remove(writer.temporaryPath)
      throw error
    }
    try writer.finish(renamedTo: target)
  }
}
