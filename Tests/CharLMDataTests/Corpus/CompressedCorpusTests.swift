import CharLMFiles
import CharLMText
import Foundation
import TestSupport
import Testing

@testable import CharLMData

extension ScratchFolder {
  /// Makes a file of bytes, and gives its path.
  fileprivate func bytes(_ name: String, _ bytes: [UInt8]) throws -> String {
    try Data(bytes).write(to: URL(fileURLWithPath: self(name)))
    return self(name)
  }
}

/// gzip, zstd and xz are read as they are.
@Suite struct CompressedCorpusTests {
  /// Compresses a file beside itself; nil where the program is not installed.
  private func compressed(_ path: String, by program: String, _ ending: String) throws -> String? {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = [program, "-k", "-q", path]
    process.standardError = FileHandle.nullDevice
    try process.run()
    process.waitUntilExit()
    return process.terminationStatus == 0 ? path + ending : nil
  }

  private static let text = (0..<30_000).map { "line \($0 * 2_654_435_761 % 1_000_003) of a text, naïve\n" }.joined()

  @Test("a compressed text is the text", arguments: [("gzip", ".gz"), ("zstd", ".zst"), ("xz", ".xz")])
  func same(program: String, ending: String) throws {
    let folder = try ScratchFolder()
    let path = try folder.bytes("a.txt", Array(Self.text.utf8))
    guard let file = try compressed(path, by: program, ending) else { return }
    let (plain, packed) = (try Corpus(paths: [path]), try Corpus(paths: [file]))
    #expect(packed.tokenizer.vocabulary == plain.tokenizer.vocabulary)
    #expect(packed.train.count == plain.train.count)
    #expect(packed.validation?.predicted == plain.validation?.predicted)
    // The record is of the file as it lies on the disk.
    let bytes = try Files.read(file)
    #expect(packed.record.files[0].bytes == bytes.count && bytes.count < Self.text.utf8.count)
    #expect(packed.record.files[0].sha256 == (try InputFile(file).digest().hexadecimal))
    // Two in a row are one text, and a cut or damaged one is an error.
    let twice = try folder.bytes("twice" + ending, bytes + bytes)
    #expect(try Corpus(paths: [twice]).record.files[0].bytes == 2 * bytes.count)
    let cut = try folder.bytes("cut" + ending, Array(bytes.dropLast(bytes.count / 3)))
    #expect { try Corpus(paths: [cut]) } throws: { error in
      guard case .compression(.truncated(cut, _, bytes.count - bytes.count / 3))? = error as? CorpusError else {
        return false
      }
      return true
    }
    var damaged = bytes
    for offset in bytes.count / 2..<bytes.count / 2 + 8 { damaged[offset] ^= 0x5A }
    let broken = try folder.bytes("broken" + ending, damaged)
    #expect { try Corpus(paths: [broken]) } throws: { error in
      guard case .compression(.damaged(broken, _, let offset))? = error as? CorpusError else { return false }
      return offset > 0 && offset <= bytes.count
    }
  }

  @Test("a small file that holds much goes to a token file, not into memory")
  func bomb() throws {
    let folder = try ScratchFolder()
    let path = try folder.bytes("a.txt", Array(String(repeating: "ab", count: 1 << 20).utf8))
    guard let file = try compressed(path, by: "gzip", ".gz") else { return }
    var events: [String] = []
    let storage = TokenStorage(cacheFolder: folder("cache"), largestInMemory: 1 << 20)
    for _ in 0..<2 {
      let corpus = try Corpus(paths: [file], storage: storage) { event in
        switch event {
        case .cached: events.append("cached")
        case .reused: events.append("reused")
        default: break
        }
      }
      #expect(corpus.train.count > 1 << 20)
    }
    #expect(events == ["cached", "reused"])
  }

  @Test("what is no text is named; in a folder it is skipped, and listed")
  func kinds() throws {
    let folder = try ScratchFolder()
    let auto = TextSettings(encoding: "auto")
    let png: [UInt8] = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A, 0, 0, 0, 13]
    try FileManager.default.createDirectory(atPath: folder("texts"), withIntermediateDirectories: true)
    let picture = try folder.bytes("texts/c.png", png)
    #expect(throws: CorpusError.notText(path: picture, .image)) { try Corpus(paths: [picture], settings: auto) }
    #expect(throws: CorpusError.noFiles(path: folder("texts"), skipped: [.image: 1])) {
      try Corpus(paths: [folder("texts")], settings: auto)
    }
    _ = try folder.bytes("texts/a.txt", Array(Self.text.utf8.prefix(1000)))
    _ = try folder.bytes("texts/page.html", Array("<!DOCTYPE html><html><head></head><body></body></html>".utf8))
    var skipped: [String] = []
    let corpus = try Corpus(paths: [folder("texts")], settings: auto) { event in
      if case .skipped(let files) = event { skipped.append(files.description) }
    }
    #expect(corpus.record.files.count == 1)
    #expect(
      skipped == ["skipped 2 files in \(folder("texts")): a picture (c.png), an HTML page (page.html)"])
    let markup = try Corpus(paths: [folder("texts")], settings: TextSettings(encoding: "utf-8"))
    #expect(markup.record.files.count == 2, "with a given encoding markup is text")
  }
}
