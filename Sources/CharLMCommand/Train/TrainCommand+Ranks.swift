import CharLMTraining
import RecurrentNN

// One command line, carried out by several processes.
extension TrainCommand {
  /// The command as a rank carries it out: the first one prints, logs and reports; of `--members` each has a model and a
  /// seed of its own.
  /// - Throws: for what one process alone can do, and for what needs several.
  func atRank(_ communicator: Communicator) throws -> TrainCommand {
    guard !communicator.isAlone else {
      guard let option = ranks.given else { return self }
      throw CommandFailure.usage(
        "\(option) is for several processes, and this is one",
        next: "leave it out, or start 'mpirun -n 4 charlm train …'")
    }
    var command = self
    for (option, isGiven) in [("--find-lr", findsLearningRate), ("--dry-run", dryRun)] where isGiven {
      throw communicator.usage("\(option) is for one process", next: "start it without mpirun")
    }
    try communicator.refuseStandardInput(corpora)
    if ranks.members {
      command.model = memberPath(try ModelPath.path(self), communicator.rank)
      command.training.randomSeed = (training.randomSeed ?? 1) &+ UInt64(communicator.rank)
    }
    guard !communicator.isFirst else { return command }
    command.output.json = false
    command.output.quiet.isQuiet = true
    (command.watch.log, command.watch.tensorboard) = (nil, nil)
    (command.watch.showSamples, command.watch.report) = (nil, nil)
    return command
  }

  private func memberPath(_ path: String, _ rank: Int) -> String {
    "\(ModelPath.stem(of: path)).member-\(rank + 1).safetensors"
  }

  /// Says what can be done with the models of all ranks, once all have ended; those that have failed give none.
  /// - Throws: what this one has failed in.
  func showMembers(_ communicator: Communicator, after outcome: Result<Void, any Error>) throws {
    var isDone = false
    if case .success = outcome { isDone = true }
    let paths = communicator.gathered(isDone ? Array((model ?? "").utf8) : [])
      .map { String(decoding: $0, as: UTF8.self) }.filter { !$0.isEmpty }
    if case .failure(let error) = outcome {
      guard var failure = CommandFailure(anyError: error) else { throw error }
      if failure == .interrupted { throw failure }
      failure.what = "rank \(communicator.rank): " + failure.what
      throw AgreedFailure(inside: failure)
    }
    guard communicator.isFirst, paths.count > 1 else { return }
    let teachers = paths.map(CommandText.quoted).joined(separator: " ")
    let corpus = corpora.map { "--corpus " + CommandText.quoted($0) }.joined(separator: " ")
    output.console.say("one model of all: \(CommandText.program) distil \(teachers) \(corpus)")
  }
}
