import CharLMFiles
import Foundation
import TestSupport
import Testing

/// What a crash leaves behind.
@Suite struct KillTests {
  /// So many times the run is killed; `CHARLM_KILLS=50 swift test --filter KillTests` does it more thoroughly.
  private static let killCount = ProcessInfo.processInfo.environment["CHARLM_KILLS"].flatMap { Int($0) } ?? 5

  @Test("a run killed at random moments and resumed each time ends with the bits of one that was not")
  func killed() throws {
    let folder = try WorkFolder()
    try folder.file("corpus.txt", TestCorpus.words(400))
    let settings = [
      "train", "corpus.txt", "--hidden", "24", "--embedding", "8", "--batch", "5", "--bptt", "12", "--dropout", "0.2",
      "--layers", "2", "--ema", "0.99", "--steps", "\(250 * Self.killCount)", "--save-every", "7steps", "--quiet",
    ]
    let begin = Date()
    let whole = try folder.charlm(settings + ["--model", "whole.safetensors"])
    try #require(whole.status == 0, "\(whole.errors)")
    let usual = Date().timeIntervalSince(begin)

    var killCount = 0
    var run = try folder.start(settings + ["--model", "killed.safetensors"])
    while killCount < Self.killCount {
      // At most the time of the whole, so that the run is usually still far from its end.
      usleep(UInt32(1e6 * Double.random(in: 0...usual / Double(Self.killCount))))
      guard run.isRunning else { break }
      run.kill()
      killCount += 1
      let hasState = FileManager.default.fileExists(atPath: folder("killed.state"))
      let again = hasState ? ["train", "--resume", "--save-every", "7steps", "--quiet"] : settings
      run = try folder.start(again + ["--model", "killed.safetensors"])
    }
    let last = try run.finish()
    #expect(last.status == 0, "\(last.errors)")
    #expect(killCount > Self.killCount / 2, "the run ended before it could be killed often")
    for name in ["safetensors", "state"] {
      let (killed, undisturbed) = try (
        Safetensors.read(path: folder("killed." + name)), Safetensors.read(path: folder("whole." + name))
      )
      #expect(killed.tensors == undisturbed.tensors, "\(name) after \(killCount) kills")
    }
  }
}
