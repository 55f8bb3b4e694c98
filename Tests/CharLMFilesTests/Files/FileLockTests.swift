import TestSupport
import Testing

@testable import CharLMFiles

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

@Suite("Locks") struct FileLockTests {
  @Test("a lock is held once, names its process, and is free again afterwards")
  func exclusive() throws {
    let folder = try ScratchFolder()
    do {
      let lock = try FileLock(folder("a.lock"))
      #expect(try text(of: folder("a.lock")) == "\(getpid())\n")
      #expect(throws: FileLockError.held(path: folder("a.lock"), process: Int(getpid()))) {
        try FileLock(folder("a.lock"))
      }
      let other = try FileLock(folder("b.lock"))
      #expect(folder.contents == ["a.lock", "b.lock"])
      withExtendedLifetime((lock, other)) {}
    }
    #expect(folder.contents.isEmpty)
    let again = try FileLock(folder("a.lock"))
    withExtendedLifetime(again) {}
  }

  @Test("what a killed process left behind is no obstacle")
  func leftBehind() throws {
    let folder = try ScratchFolder()
    try folder.file("a.lock", "123456\n")
    let lock = try FileLock(folder("a.lock"))
    #expect(try text(of: folder("a.lock")) == "\(getpid())\n")
    withExtendedLifetime(lock) {}
  }

  @Test("where the file cannot be made, the error says so")
  func refused() throws {
    let folder = try ScratchFolder()
    #expect(throws: FileLockError.file(.notFound(path: folder("none/a.lock")))) { try FileLock(folder("none/a.lock")) }
  }
}
