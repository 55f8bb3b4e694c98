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

@Suite("Reading files") struct FilesReadingTests {
  @Test("a file is read whole", arguments: [0, 1, 4095, 262_143, 262_144, 262_145, 1_000_000])
  func whole(byteCount: Int) throws {
    let folder = try ScratchFolder()
    let bytes = (0..<byteCount).map { UInt8(truncatingIfNeeded: $0 &* 31 >> 3) }
    try Files.writeAtomically(folder("a")) { (writer: inout FileWriter) throws(FileError) in try writer.write(bytes) }
    #expect(try Files.read(folder("a")) == bytes)
    #expect(try Files.size(folder("a")) == byteCount)
  }

  @Test("a prefix is the beginning, or all of a shorter file", arguments: [0, 1, 3, 5, 6, 100])
  func prefix(byteCount: Int) throws {
    let folder = try ScratchFolder()
    let path = try folder.file("a", "hello")
    #expect(try Files.readPrefix(path, byteCount: byteCount) == Array("hello".utf8.prefix(byteCount)))
  }

  @Test("a missing file, a folder and a path below a file have each their own error")
  func kinds() throws {
    let folder = try ScratchFolder()
    let file = try folder.file("a", "")
    #expect(throws: FileError.notFound(path: folder("b"))) { try Files.read(folder("b")) }
    #expect(throws: FileError.notFound(path: "")) { try Files.read("") }
    #expect(throws: FileError.isFolder(path: folder.path)) { try Files.read(folder.path) }
    #expect(throws: FileError.notFolder(path: file + "/b")) { try Files.read(file + "/b") }
    #expect(throws: FileError.notFound(path: folder("b"))) { try Files.size(folder("b")) }
    #expect(throws: FileError.isFolder(path: folder.path)) { try Files.size(folder.path) }
  }

  @Test("a file without permission is not readable", .enabled(if: geteuid() != 0, "root reads everything"))
  func permission() throws {
    let folder = try ScratchFolder()
    let path = try folder.file("a", "")
    // Safe: the string's terminated copy lives through the call.
    #expect(unsafe chmod(path, 0) == 0)
    #expect(throws: FileError.notReadable(path: path, code: EACCES)) { try Files.read(path) }
  }

  @Test("a path with a NUL is refused, not cut there")
  func nul() throws {
    let folder = try ScratchFolder()
    let path = try folder.file("a", "content") + "\0b"
    #expect(throws: FileError.readFailed(path: path, operation: .open, code: EINVAL)) { try Files.read(path) }
    #expect(!Files.exists(path))
    #expect(throws: FileError.writeFailed(path: path, operation: .open, code: EINVAL)) {
      try Files.writeAtomically(path) { _ in }
    }
  }

  @Test("a pipe and standard input are read to their end")
  func pipes() throws {
    let (reader, writer) = try Self.pipe()
    #expect(SystemCall.write(writer.number, Array("through a pipe".utf8), from: 0, limit: 100) == 14)
    _ = writer.close()
    #expect(try text(of: "/dev/fd/\(reader.number)") == "through a pipe")

    let (input, output) = try Self.pipe()
    #expect(SystemCall.write(output.number, Array("typed".utf8), from: 0, limit: 100) == 5)
    _ = output.close()
    let saved = Descriptor(owning: dup(STDIN_FILENO))
    #expect(dup2(input.number, STDIN_FILENO) == STDIN_FILENO)
    defer { _ = dup2(saved.number, STDIN_FILENO) }
    #expect(try Files.readStandardInput() == Array("typed".utf8))
  }

  @Test("names are those of the visible files with the suffix, sorted")
  func listing() throws {
    let folder = try ScratchFolder()
    for name in ["b.txt", "a.txt", "ä.txt", ".hidden.txt", "c.text"] { try folder.file(name, "") }
    try Files.ensureWritableFolder(folder("d.txt"))
    #expect(try Files.names(in: folder.path, suffix: ".txt") == ["a.txt", "b.txt", "ä.txt"].sorted())
    #expect(try Files.names(in: folder.path).count == 4)
    #expect(throws: FileError.notFound(path: folder("e"))) { try Files.names(in: folder("e")) }
    #expect(throws: FileError.notFolder(path: folder("a.txt"))) { try Files.names(in: folder("a.txt")) }
  }

  @Test(
    "the folder of a path is what comes before its last slash",
    arguments: [("a", "."), ("a/b", "a"), ("/a", "/"), ("/a/b/c", "/a/b"), ("./a", "."), ("", ".")])
  func folderOfPath(path: String, expected: String) {
    #expect(Files.folder(of: path) == expected)
  }

  @Test("join puts one slash between", arguments: [("a", "a/x"), ("a/", "a/x"), ("/", "/x"), ("", "x"), (".", "./x")])
  func joining(folder: String, expected: String) {
    #expect(Files.join(folder, "x") == expected)
  }

  @Test(
    "each error says the path and what is wrong in one line",
    arguments: [
      (FileError.notFound(path: "a"), "a: no such file or folder"),
      (.isFolder(path: "a"), "a: is a folder, not a file"),
      (.notFolder(path: "a/b"), "a/b: is not a folder, or lies below something that is not"),
      (.notRegularFile(path: "a"), "a: is a device, pipe or socket, which is not replaced by a file"),
      (.notReadable(path: "a", code: EACCES), "a: cannot be read (Permission denied)"),
      (.notWritable(path: "a", code: EROFS), "a: cannot be written (Read-only file system)"),
      (.noSpace(path: "a"), "a: no space left on the disk"),
      (.readFailed(path: "a", operation: .read, code: EIO), "a: reading failed (Input/output error)"),
      (.writeFailed(path: "a", operation: .write, code: EIO), "a: writing failed (Input/output error)"),
      (.writeFailed(path: "a", operation: .makeFolder, code: EIO), "a: could not make the folder (Input/output error)"),
    ])
  func descriptions(error: FileError, expected: String) {
    #expect(error.description == expected)
  }

  private static func pipe() throws -> (reader: PipeEnd, writer: PipeEnd) {
    var ends: [Int32] = [0, 0]
    // Safe: two numbers are what pipe fills.
    try #require(unsafe Self.makePipe(&ends) == 0)
    return (PipeEnd(ends[0]), PipeEnd(ends[1]))
  }

  private static func makePipe(_ ends: UnsafeMutablePointer<Int32>) -> Int32 {
    #if canImport(Glibc)
      unsafe Glibc.pipe(ends)
    #elseif canImport(Musl)
      unsafe Musl.pipe(ends)
    #else
      unsafe Darwin.pipe(ends)
    #endif
  }
}

/// One end of a pipe, closed at the latest at the end of its life.
private final class PipeEnd {
  let number: Int32
  private var isOpen = true

  init(_ number: Int32) { self.number = number }
  deinit { if isOpen { _ = SystemCall.close(number) } }

  func close() -> Int {
    isOpen = false
    return SystemCall.close(number)
  }
}
