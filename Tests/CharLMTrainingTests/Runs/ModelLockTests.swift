import CharLM
import TestSupport
import Testing

@testable import CharLMFiles
@testable import CharLMTraining

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

@Suite("Locked models") struct ModelLockTests {
  private func held(_ path: String) -> TrainingFailure { .lock(.held(modelPath: path, process: Int(getpid()))) }

  @Test("two runs never write one model, and the lock ends with the run")
  func runs() throws {
    let test = try TestRun()
    let first = test.make()
    var refusals: [TrainingFailure?] = []
    try first.train {
      guard case .validated = $0, refusals.isEmpty else { return }
      let other = test.make()
      refusals.append(#expect(throws: TrainingFailure.self) { try other.train() })
      refusals.append(#expect(throws: TrainingFailure.self) { try test.resume() })
    }
    #expect(refusals == [held(test.path("run")), held(test.path("run"))])
    #expect(test.folder.contents == ["corpus.txt", "run.safetensors", "run.state"])
    try test.resume(length: .steps(70)).train()
    #expect(test.folder.contents == ["corpus.txt", "run.safetensors", "run.state"])
  }

  @Test("a resumed run is locked from when its state is read")
  func resumed() throws {
    let test = try TestRun()
    try test.make().train(until: 20)
    let run = try test.resume()
    let other = test.make()
    #expect(throws: held(test.path("run"))) { try other.train() }
    try run.train()
    #expect(try test.resume().record.steps == 60)
  }

  @Test("a run that fails lets go of its model")
  func failing() throws {
    let test = try TestRun()
    try Files.ensureWritableFolder(test.folder("run.state"))
    let run = test.make()
    #expect(throws: TrainingFailure.checkpoint(.file(.isFolder(path: test.folder("run.state"))))) { try run.train() }
    #expect(test.folder.contents == ["corpus.txt", "run.state"])
  }

  @Test("the models that a run keeps, and links to its model, have its lock")
  func names() throws {
    let folder = try ScratchFolder()
    try folder.file("run.safetensors", "x")
    // Safe: the strings' terminated copies live through the call.
    #expect(unsafe symlink("run.safetensors", folder("link.safetensors")) == 0)
    let lock = ModelPath.lock(of: folder("run.safetensors"))
    #expect(lock == folder("run.lock"))
    #expect(ModelPath.lock(of: folder("run.step-000120.safetensors")) == lock)
    #expect(FilePlace(ModelPath.lock(of: folder("link.safetensors"))) == FilePlace(lock))
    #expect(
      ModelLockError.held(modelPath: "m", process: 7).description == "another charlm (process 7) is training m")
  }
}
