import Foundation
import TestSupport
import Testing

/// Signals that ask for an end, or that would have ended a run that can go on.
@Suite struct SignalTests {
  private func begun(after shell: String? = nil) throws -> (WorkFolder, StartedRun) {
    let folder = try NothingLostTests.corpusFolder()
    let run = try folder.start(
      ["train", "corpus.txt", "--steps", "10000000", "--save-every", "10steps"] + TestCorpus.smallSettings, after: shell
    )
    for _ in 0..<3000
    where run.isRunning && !FileManager.default.fileExists(atPath: folder("models/corpus.safetensors")) {
      usleep(10_000)
    }
    return (folder, run)
  }

  @Test("a closed terminal, an interrupt and a request to end save the run", arguments: [SIGHUP, SIGINT, SIGTERM])
  func saved(_ signal: Int32) throws {
    let (folder, run) = try begun()
    run.send(signal)
    // Shell and system may both send it.
    if signal == SIGHUP { run.send(signal) }
    let ended = try run.finish()
    #expect(ended.status == 130, "\(ended.errors)")
    #expect(ended.errors.contains("\ncontinue with: "))
    #expect(try folder.charlm("info").status == 0)
  }

  @Test("signals that the parent ignores stay ignored", arguments: [("INT", SIGINT), ("HUP", SIGHUP)])
  func ignored(_ name: String, _ signal: Int32) throws {
    let (folder, run) = try begun(after: "trap '' \(name)")
    run.send(signal)
    usleep(300_000)
    #expect(run.isRunning)
    run.send(SIGTERM)
    let ended = try run.finish()
    #expect(ended.status == 130, "\(ended.errors)")
    #expect(try folder.charlm("info").status == 0)
  }

  @Test("SIGQUIT ends a run at once, without a backtrace")
  func quit() throws {
    let (_, run) = try begun()
    run.send(SIGQUIT)
    let ended = try run.finish()
    #expect(ended.status == SIGQUIT && !ended.errors.contains("crashed"), "\(ended.status) \(ended.errors)")
  }

  @Test("a limit on the size of files is an error, not the end of the process")
  func fileSize() throws {
    let folder = try NothingLostTests.corpusFolder()
    let settings = ["train", "corpus.txt", "--steps", "5"] + TestCorpus.smallSettings
    let run = try folder.start(settings, after: "ulimit -f 4").finish()
    #expect(run.status == 1 && run.errorLines.last?.hasPrefix("charlm: models/corpus.state: writing failed (") ?? false)
    #expect(folder.contents.allSatisfy { !$0.contains(".tmp") && !$0.contains(".lock") }, "\(folder.contents)")
  }
}
