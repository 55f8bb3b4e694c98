/// The encoding that a byte-order mark at the beginning of a file shows.
struct ByteOrderMark {
  /// Its usual name.
  let encoding: String

  /// U+FEFF in the encodings that begin with it; `nil` where bytes begin otherwise.
  init?(_ bytes: [UInt8]) {
    // UTF-32 first: its mark begins as that of UTF-16 does.
    let marks: [(encoding: String, bytes: [UInt8])] = [
      ("utf-8", DecodedText.mark), ("utf-32le", [0xFF, 0xFE, 0, 0]), ("utf-32be", [0, 0, 0xFE, 0xFF]),
      ("utf-16le", [0xFF, 0xFE]), ("utf-16be", [0xFE, 0xFF]), ("gb18030", [0x84, 0x31, 0x95, 0x33]),
    ]
    guard let found = marks.first(where: { bytes.starts(with: $0.bytes) }) else { return nil }
    encoding = found.encoding
  }
}
