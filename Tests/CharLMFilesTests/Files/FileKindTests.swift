import Testing

@testable import CharLMFiles

/// Files are told apart by their content.
@Suite struct FileKindTests {
  private static func kind(_ bytes: [UInt8]) -> FileKind? { FileKind(beginning: bytes, byteCount: bytes.count) }

  /// A local header of a ZIP archive for a file of this name, and its content.
  private static func zip(_ name: String, _ content: String = "") -> [UInt8] {
    [0x50, 0x4B, 3, 4, 20, 0, 0, 0, 0, 0] + [UInt8](repeating: 1, count: 16) + [UInt8(name.utf8.count), 0, 0, 0]
      + Array((name + content).utf8)
  }

  static let kinds: [(kind: FileKind, bytes: [UInt8])] = [
    (.pdf, Array("%PDF-1.7\n%âãÏÓ\n1 0 obj\n<< /Type /Catalog >>\nendobj\n".utf8)),
    (.word, zip("[Content_Types].xml") + zip("_rels/.rels") + zip("word/document.xml")),
    (.office, zip("[Content_Types].xml") + zip("xl/workbook.xml")),
    (.openDocument, zip("mimetype", "application/vnd.oasis.opendocument.text")),
    (.epub, zip("mimetype", "application/epub+zip")), (.archive("zip"), zip("a.txt", "hello")),
    (.data("PyTorch"), zip("archive/data.pkl")),
    (.oldOffice, [0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1, 0, 0]),
    (.rtf, Array("{\\rtf1\\ansi\\deff0 {\\fonttbl {\\f0 Arial;}} Hello\\par}".utf8)),
    (.html, Array("<!DOCTYPE html>\n<html><head><title>T</title></head><body>Hi</body></html>".utf8)),
    (.html, Array("<?xml version='1.0'?>\n<!-- a --> <html lang='en'><head><meta></head><body><p>Hi</p></body>".utf8)),
    (.image, [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A, 0, 0, 0, 13]), (.image, [0xFF, 0xD8, 0xFF, 0xE0, 0, 16]),
    (.image, Array("GIF89a".utf8) + [1, 0, 1, 0, 0x80, 0, 0]), (.audio, Array("OggS".utf8) + [0, 2]),
    (.audio, Array("RIFF".utf8) + [36, 0, 0, 0] + Array("WAVEfmt ".utf8) + [16, 0, 0, 0]),
    (.video, [0, 0, 0, 0x18] + Array("ftypmp42".utf8)), (.archive("7z"), [0x37, 0x7A, 0xBC, 0xAF, 0x27, 0x1C, 0, 4]),
    (.archive("tar"), [UInt8](repeating: 0, count: 257) + Array("ustar".utf8) + [0, 0x30, 0x30]),
    (.compressed("bzip2"), Array("BZh9".utf8) + [0x31, 0x41, 0x59, 0x26, 0x53, 0x59]),
    (
      .safetensors,
      [60, 0, 0, 0, 0, 0, 0, 0] + Array("{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]}}   ".utf8)
        + [0, 0, 0, 0, 0, 0, 0, 0]
    ),
    (.data("SQLite"), Array("SQLite format 3\0".utf8)), (.program, [0x7F, 0x45, 0x4C, 0x46, 2, 1, 1, 0]),
    (.binary, (0..<2000).map { UInt8(truncatingIfNeeded: $0 &* $0 >> 3 ^ $0 &* 7) }),
  ]

  @Test("each kind is recognized", arguments: kinds.indices)
  func recognized(_ index: Int) {
    let (kind, bytes) = FileKindTests.kinds[index]
    #expect(FileKindTests.kind(bytes) == kind)
  }

  @Test(
    "a text is never taken for another kind",
    arguments: [
      "", "P", "PK", "PK is how ZIP archives begin.", "%PDF-1.7 is how a PDF begins, and so does this line.",
      "%PDF-1.5\nis a version", "%PDF is not", "GIF89a is a format of pictures", "BM is a city", "RIFF and raff",
      "ID3 tags, explained", "MZ was a programmer", "{\\rtf1 is how RTF begins", "{\\rtfm}", "BZh9 is bzip2",
      "<html> is a tag", "<!DOCTYPE html> stands first in a page.", "<p>A paragraph of a novel on the web</p>",
      "<?xml version='1.0'?>\n<TEI><text><p>A novel</p></text></TEI>", "OggS", "fLaC", "GGUF", "7z", "Rar!", "ustar",
      "a\0b", "\u{FEFF}Text", "{\"text\": \"a line of JSON\"}\n",
    ])
  func text(_ text: String) {
    #expect(FileKindTests.kind(Array(text.utf8)) == nil)
  }

  @Test("texts in UTF-16 and in encodings of 8 bits are not taken for binary files")
  func encodings() {
    let text = String(repeating: "Grüße aus der weiten Welt. Всем привет, 世界!\r\n", count: 20)
    for isBig in [false, true] {
      let units = text.utf16.flatMap { unit in
        let bytes = [UInt8(truncatingIfNeeded: unit), UInt8(unit >> 8)]
        return isBig ? bytes.reversed() : bytes
      }
      #expect(FileKindTests.kind(units) == nil, "big-endian: \(isBig)")
    }
    #expect(FileKindTests.kind((0..<3000).map { UInt8(0xC0 + $0 % 64) }) == nil)
  }
}
