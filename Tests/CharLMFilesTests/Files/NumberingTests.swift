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

@Suite("Numbered names") struct NumberingTests {
  @Test(
    "the number stands before the ending",
    arguments: [
      ("run.jsonl", "run.1.jsonl"), ("a/b.c/run", "a/b.c/run.1"), ("a/.hidden", "a/.hidden.1"),
      ("/x/a.tar.gz", "/x/a.tar.1.gz"), ("é.html", "é.1.html"),
    ])
  func names(_ path: String, _ expected: String) { #expect(Files.numbered(path, 1) == expected) }

  @Test("ten files in one place are all kept, in the lowest free numbers")
  func ten() throws {
    let folder = try ScratchFolder()
    try folder.file("a.2.txt", "there before")
    for number in 0..<10 {
      let kept = try Files.moveAside(folder("a.txt"))
      #expect((kept == nil) == (number == 0))
      try folder.file("a.txt", "\(number)")
    }
    #expect(folder.contents.count == 11)
    #expect(try text(of: folder("a.2.txt")) == "there before")
    #expect(try text(of: folder("a.1.txt")) == "0" && text(of: folder("a.3.txt")) == "1")
    #expect(try text(of: folder("a.10.txt")) == "8")
  }

  @Test("an empty file, a folder and a device stay where they are")
  func nothing() throws {
    let folder = try ScratchFolder()
    try folder.file("empty", "")
    for path in [folder("empty"), folder.path, "/dev/null", folder("none")] {
      #expect(try Files.moveAside(path) == nil)
    }
    #expect(folder.contents == ["empty"])
  }

  @Test("of a link, what it leads to is kept")
  func links() throws {
    let folder = try ScratchFolder()
    try Files.ensureWritableFolder(folder("logs"))
    try folder.file("logs/a.txt", "old")
    // Safe (here and below): the strings' terminated copies live through the call.
    #expect(unsafe symlink("logs/a.txt", folder("link")) == 0)
    let kept = try #require(try Files.moveAside(folder("link")))
    #expect(kept.hasSuffix("/logs/a.1.txt"))
    #expect(try text(of: kept) == "old")
    #expect(Files.isLink(folder("link")))
  }

  @Test("a link that leads nowhere, or round in a circle, is refused and stays")
  func brokenLinks() throws {
    let folder = try ScratchFolder()
    #expect(unsafe symlink("none", folder("dangling")) == 0)
    #expect(unsafe symlink("circle", folder("circle")) == 0)
    #expect(throws: FileError.linkToNothing(path: folder("dangling"))) {
      try Files.checkReplaceable(folder("dangling"))
    }
    #expect(throws: FileError.linkToNothing(path: folder("dangling"))) { try folder.file("dangling", "new") }
    #expect(throws: FileError.writeFailed(path: folder("circle"), operation: .open, code: ELOOP)) {
      try Files.checkReplaceable(folder("circle"))
    }
    #expect(folder.contents == ["circle", "dangling"])
    #expect(throws: Never.self) { try Files.checkReplaceable(folder("new")) }
  }
}
