import Synchronization
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

@Suite("Writing files atomically") struct AtomicWriteTests {
  /// Writes two pieces to `path`.
  private func write(_ path: String, previous: String? = nil, fault: @escaping FaultSource = { _ in nil }) throws {
    try Files.writeAtomically(path, keepingPreviousAs: previous, fault: fault) {
      (writer: inout FileWriter) throws(FileError) in
      try writer.write("new ")
      try writer.write(Array("content".utf8))
    }
  }

  @Test("a file is made or replaced, and nothing else is left")
  func replaces() throws {
    let folder = try ScratchFolder()
    for _ in 0..<2 {
      try write(folder("a"))
      #expect(try text(of: folder("a")) == "new content")
      #expect(folder.contents == ["a"])
    }
  }

  @Test("the writer counts bytes and goes on after short writes")
  func shortWrites() throws {
    let folder = try ScratchFolder()
    try Files.writeAtomically(folder("a"), fault: { $0 == .write ? .shortWrite(byteCount: 3) : nil }) {
      (writer: inout FileWriter) throws(FileError) in
      try writer.write(elements: [0x0403_0201, 0x0807_0605] as [Int32])
      try writer.write("äbc")
      #expect(writer.byteCount == 12)
    }
    #expect(try Files.read(folder("a")) == [1, 2, 3, 4, 5, 6, 7, 8] + Array("äbc".utf8))
  }

  @Test(
    "a failure at any step leaves the old file, its predecessor's name and no temporary file",
    arguments: [FileOperation.open, .write, .sync, .rename],
    [(ENOSPC, FileError.noSpace(path: "?")), (EIO, .writeFailed(path: "?", operation: .write, code: EIO))])
  func failures(step: FileOperation, kind: (code: Int32, error: FileError)) throws {
    let folder = try ScratchFolder()
    let path = try folder.file("a", "old")
    let place = step == .open ? folder.path : path
    #expect(throws: FileError(code: kind.code, step, path: place)) {
      try write(path) { $0 == step ? .failure(code: kind.code) : nil }
    }
    #expect(try text(of: path) == "old")
    #expect(folder.contents == ["a"])
    #expect(throws: FileError.self) { try write(folder("b")) { $0 == step ? .failure(code: kind.code) : nil } }
    #expect(folder.contents == ["a"])
  }

  @Test("a disk that fills up between two pieces leaves the old file")
  func fullLater() throws {
    let folder = try ScratchFolder()
    let path = try folder.file("a", "old")
    let writes = Counter()
    #expect(throws: FileError.noSpace(path: path)) {
      try write(path) { $0 == .write && writes.next() == 2 ? .failure(code: ENOSPC) : nil }
    }
    #expect(try text(of: path) == "old")
    #expect(folder.contents == ["a"])
  }

  @Test("an error thrown by the caller's closure is passed on and leaves the old file")
  func closureThrows() throws {
    let folder = try ScratchFolder()
    let path = try folder.file("a", "old")
    #expect(throws: FileError.notFound(path: "elsewhere")) {
      try Files.writeAtomically(path) { (writer: inout FileWriter) throws(FileError) in
        try writer.write("half")
        throw .notFound(path: "elsewhere")
      }
    }
    #expect(try text(of: path) == "old")
    #expect(folder.contents == ["a"])
  }

  @Test("an existing file is kept as the previous one, with and without hard links", arguments: [true, false])
  func keepsPrevious(links: Bool) throws {
    let folder = try ScratchFolder()
    let fault: FaultSource = { $0 == .link && !links ? .failure(code: EPERM) : nil }
    try write(folder("a"), previous: folder("p"), fault: fault)
    #expect(folder.contents == ["a"], "there was nothing to keep")
    for old in ["old", "older"] {
      try folder.file("a", old)
      try write(folder("a"), previous: folder("p"), fault: fault)
      #expect(try text(of: folder("a")) == "new content")
      #expect(try text(of: folder("p")) == old)
      #expect(folder.contents == ["a", "p"])
    }
  }

  @Test("when the last rename fails, the old file is at its place", arguments: [true, false])
  func lastRenameFails(links: Bool) throws {
    let folder = try ScratchFolder()
    let path = try folder.file("a", "old")
    // Twice: then the previous file is already a link to the old one.
    for _ in 0..<2 {
      let renames = Counter()
      #expect(throws: FileError.noSpace(path: path)) {
        try write(path, previous: folder("p")) { step in
          if step == .link, !links { return .failure(code: EPERM) }
          return step == .rename && renames.next() == 2 ? .failure(code: ENOSPC) : nil
        }
      }
      #expect(try text(of: path) == "old")
      #expect(folder.contents == (links ? ["a", "p"] : ["a"]))
    }
  }

  @Test("at each step of keeping the previous file, one of the two names is whole", arguments: [true, false])
  func neverNeither(links: Bool) throws {
    let folder = try ScratchFolder()
    let (path, previous) = (try folder.file("a", "old"), folder("p"))
    let steps = Counter()
    try write(path, previous: previous) { step in
      _ = steps.next()
      let found = [path, previous].compactMap { try? text(of: $0) }
      #expect(found.contains("old"), "before \(step)")
      return step == .link && !links ? .failure(code: EPERM) : nil
    }
    #expect(steps.next() == 8, "open, two writes, sync, link, two renames")
  }

  @Test("a link is followed: the file that it points to is replaced")
  func links() throws {
    let folder = try ScratchFolder()
    try Files.ensureWritableFolder(folder("models"))
    try folder.file("models/a", "old")
    // Safe: the strings' terminated copies live through the call.
    #expect(unsafe symlink("models/a", folder("link")) == 0)
    try write(folder("link"))
    #expect(try text(of: folder("models/a")) == "new content")
    #expect(SystemCall.status(folder("link"), followingLinks: false).1.isLink)
  }

  @Test("the permissions of a replaced file are kept")
  func permissions() throws {
    let folder = try ScratchFolder()
    let path = try folder.file("a", "old")
    // Safe: the string's terminated copy lives through the call.
    #expect(unsafe chmod(path, 0o640) == 0)
    try write(path)
    #expect(SystemCall.status(path).1.permissions == 0o640)
  }

  @Test("a folder, a device, a missing folder and a path below a file are refused")
  func refusals() throws {
    let folder = try ScratchFolder()
    let file = try folder.file("a", "old")
    #expect(throws: FileError.isFolder(path: folder.path)) { try write(folder.path) }
    #expect(throws: FileError.notRegularFile(path: "/dev/null")) { try write("/dev/null") }
    #expect(throws: FileError.notFound(path: folder("b"))) { try write(folder("b/c")) }
    #expect(throws: FileError.notFolder(path: file + "/b")) { try write(file + "/b") }
    #expect(throws: FileError.isFolder(path: folder("d"))) {
      try Files.ensureWritableFolder(folder("d"))
      try write(file, previous: folder("d"))
    }
    #expect(try text(of: file) == "old")
    #expect(folder.contents == ["a", "d"])
  }

  @Test("a folder is made with the folders around it, and left empty", arguments: ["x", "x/y/z", "x/", "x//y/", "./x"])
  func makesFolders(path: String) throws {
    let folder = try ScratchFolder()
    for _ in 0..<2 { try Files.ensureWritableFolder(folder(path)) }
    #expect(Files.isFolder(folder(path)))
    #expect(folder.contents == ["x"])
    #expect(try Files.names(in: folder(path)).isEmpty)
  }

  @Test("a folder below or in place of a file cannot be made")
  func foldersBelowFiles() throws {
    let folder = try ScratchFolder()
    let file = try folder.file("a", "")
    #expect(throws: FileError.notFolder(path: file)) { try Files.ensureWritableFolder(file) }
    #expect(throws: FileError.notFolder(path: file + "/b")) { try Files.ensureWritableFolder(file + "/b") }
    #expect(throws: FileError.self) { try Files.ensureWritableFolder("/proc/charlm/models") }
    #expect(throws: FileError.notFound(path: "")) { try Files.ensureWritableFolder("") }
  }

  @Test("a folder without permission is not writable", .enabled(if: geteuid() != 0, "root writes everywhere"))
  func permission() throws {
    let folder = try ScratchFolder()
    try Files.ensureWritableFolder(folder("closed"))
    // Safe: the string's terminated copy lives through the call.
    #expect(unsafe chmod(folder("closed"), 0o500) == 0)
    let error = FileError.notWritable(path: folder("closed"), code: EACCES)
    #expect(throws: error) { try Files.ensureWritableFolder(folder("closed")) }
    #expect(throws: error) { try write(folder("closed/a")) }
  }

  @Test("a full device fails like a full disk", .enabled(if: Files.exists("/dev/full")))
  func fullDevice() throws {
    let device = try Descriptor("/dev/full", O_WRONLY, reading: false)
    let result = SystemCall.write(device.number, [1, 2, 3] as [UInt8], from: 0, limit: 3)
    #expect(FileError(code: Int32(-result), .write, path: "a") == .noSpace(path: "a"))
  }
}

/// Counts calls from a closure: 1, 2, …
private final class Counter: Sendable {
  private let count = Mutex(0)

  func next() -> Int {
    count.withLock {
      $0 += 1
      return $0
    }
  }
}
