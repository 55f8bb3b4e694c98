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

  @Test("a signal to a benchmark ends the process that measures, too", arguments: [SIGTERM, SIGINT])
  func benchmark(_ signal: Int32) throws {
    let folder = try WorkFolder()
    let run = try folder.start(["bench", "--shape", "lstm-128", "--seconds", "60", "--threads", "1"])
    var child: Int32?
    for _ in 0..<3000 where run.isRunning && child == nil {
      usleep(10_000)
      let children = try? String(
        contentsOfFile: "/proc/\(run.number)/task/\(run.number)/children", encoding: .utf8)
      child = children.flatMap { Int32($0.trimmingCharacters(in: .whitespaces)) }
    }
    guard let child else { return }  // Only Linux tells a process's children, and not in every container.
    // The signal handlers are set a moment after the child was started.
    usleep(200_000)
    run.send(signal)
    #expect(try run.finish().status == signal)
    for _ in 0..<500 where kill(child, 0) == 0 { usleep(10_000) }
    #expect(kill(child, 0) != 0)
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
