/// The beginning of a file, to recognize binary formats by.
struct FileStart {
  private let bytes: ArraySlice<UInt8>

  init(_ bytes: ArraySlice<UInt8>) { self.bytes = bytes }

  // MARK: Documents

  var document: FileKind? {
    if isPDF { return .pdf }
    if begins([0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1]) { return .oldOffice }
    if has("BOOKMOBI", at: 60) { return .mobi }
    if begins("AT&TFORM"), isBinary { return .djvu }
    return zip
  }

  /// A PDF has its version in a line of its own, and objects.
  private var isPDF: Bool {
    guard begins("%PDF-"), bytes.count > 8 else { return false }
    let version = bytes.dropFirst(5).prefix { $0 != 0x0A && $0 != 0x0D }
    let isVersion = version.count >= 3 && version.prefix(4).allSatisfy { $0 == 0x2E || 0x30...0x39 ~= $0 || $0 == 0x20 }
    return isVersion && (contains(" 0 obj") || contains("/Linearized") || isBinary)
  }

  /// ZIP archives, and the documents that are such archives, told apart by the names of their files.
  private var zip: FileKind? {
    if begins([0x50, 0x4B, 0x05, 0x06]), bytes.count == 22 { return .archive("zip") }
    // A header's fields: the version needed, flags, and the method of compression, in two bytes each.
    guard begins([0x50, 0x4B, 0x03, 0x04]), bytes.count >= 30, byte(5) == 0, byte(4) <= 63, byte(9) == 0 else {
      return nil
    }
    if has("mimetypeapplication/epub+zip", at: 30) { return .epub }
    if has("mimetypeapplication/vnd.oasis.opendocument", at: 30) { return .openDocument }
    if contains("word/document") || contains("word/_rels") { return .word }
    if contains("[Content_Types].xml") { return contains("word/") ? .word : .office }
    if contains("META-INF/container.xml") { return .epub }
    if contains("/data.pkl") { return .data("PyTorch") }
    return .archive("zip")
  }

  // MARK: Pictures, sound, video

  var media: FileKind? {
    if begins([0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]) || begins([0xFF, 0xD8, 0xFF]) { return .image }
    if begins("GIF87a") || begins("GIF89a"), isBinary { return .image }
    if begins([0x49, 0x49, 0x2A, 0x00]) || begins([0x4D, 0x4D, 0x00, 0x2A]) { return .image }
    if begins("BM"), bytes.count > 26, number(at: 6, 4) == 0, number(at: 14, 4) < 200, isBinary { return .image }
    if begins("8BPS\0") { return .image }
    if begins("RIFF"), bytes.count > 12, isBinary {
      return has("WEBP", at: 8) ? .image : has("WAVE", at: 8) ? .audio : has("AVI ", at: 8) ? .video : nil
    }
    if begins("fLaC\0") || begins("OggS\0") || begins("MThd\0") { return .audio }
    if begins("ID3"), bytes.count > 10, byte(3) < 0x10, isBinary { return .audio }
    if begins([0xFF, 0xFB]) || begins([0xFF, 0xF3]), isBinary { return .audio }
    if has("ftyp", at: 4), byte(0) == 0 {
      return has("hei", at: 8) || has("avif", at: 8) || has("mif1", at: 8)
        ? .image : has("M4A", at: 8) ? .audio : .video
    }
    return begins([0x1A, 0x45, 0xDF, 0xA3]) ? .video : nil
  }

  // MARK: Archives

  var archive: FileKind? {
    if begins([0x37, 0x7A, 0xBC, 0xAF, 0x27, 0x1C]) { return .archive("7z") }
    if begins([0x52, 0x61, 0x72, 0x21, 0x1A, 0x07]) { return .archive("rar") }
    if has("ustar", at: 257), bytes.contains(0) { return .archive("tar") }
    if begins("BZh"), has([0x31, 0x41, 0x59, 0x26, 0x53, 0x59], at: 4) { return .compressed("bzip2") }
    if begins([0x04, 0x22, 0x4D, 0x18]) { return .compressed("lz4") }
    if begins([0x1F, 0x9D]), isBinary { return .compressed("compress") }
    return begins([0x5D, 0, 0]) && isBinary ? .compressed("lzma") : nil
  }

  // MARK: Data and programs

  func program(byteCount: Int) -> FileKind? {
    if byteCount > 10, bytes.count > 9, byte(8) == 0x7B, isBinary {
      let headerSize = number(at: 0, 8)
      if headerSize > 1, headerSize < UInt64(byteCount), byte(9) == 0x22 || byte(9) == 0x7D { return .safetensors }
    }
    if begins("GGUF"), isBinary { return .data("GGUF") }
    if begins("SQLite format 3\0") { return .data("SQLite") }
    if begins([0x89, 0x48, 0x44, 0x46]) { return .data("HDF5") }
    if begins([0x93, 0x4E, 0x55, 0x4D, 0x50, 0x59]) { return .data("NumPy") }
    if begins("PAR1"), isBinary { return .data("Parquet") }
    if begins([0x80]), bytes.count > 2, 2...5 ~= byte(1), isBinary, bytes.contains(0x2E) { return .data("pickle") }
    if begins([0x7F, 0x45, 0x4C, 0x46]) || begins([0xCF, 0xFA, 0xED, 0xFE]) || begins([0, 0x61, 0x73, 0x6D]) {
      return .program
    }
    if begins("MZ"), isBinary { return .program }
    return isBinary && !isWide && !isValidUTF8 ? .binary : nil
  }

  /// Whether there are zeros and so many other control characters as texts in 8-bit encodings never have.
  private var isBinary: Bool {
    let controls = bytes.count { $0 < 0x20 && !(0x08...0x0D ~= $0) && $0 != 0x1B && $0 != 0x1A }
    return bytes.contains(0) && controls * 40 >= bytes.count
  }

  /// Whether most zeros stand at the same place of units of two or four, as in UTF-16 and UTF-32, or a mark says so.
  private var isWide: Bool {
    if begins([0xFF, 0xFE]) || begins([0xFE, 0xFF]) || begins([0, 0, 0xFE, 0xFF]) { return true }
    var zeros = [0, 0, 0, 0]
    for (offset, byte) in bytes.enumerated() where byte == 0 { zeros[offset % 4] += 1 }
    let unitCount = max(bytes.count / 4, 1)
    return zeros.contains { $0 * 10 >= unitCount * 6 }
  }

  private var isValidUTF8: Bool { String(validating: bytes, as: UTF8.self) != nil }

  // MARK: Bytes

  private func byte(_ offset: Int) -> UInt8 { offset < bytes.count ? bytes[bytes.startIndex + offset] : 0 }

  private func number(at offset: Int, _ size: Int) -> UInt64 {
    (0..<size).reversed().reduce(0) { $0 << 8 | UInt64(byte(offset + $1)) }
  }

  private func begins(_ start: [UInt8]) -> Bool { bytes.starts(with: start) }
  private func begins(_ start: StaticString) -> Bool { has("\(start)", at: 0) }
  private func has(_ text: String, at offset: Int) -> Bool { has(Array(text.utf8), at: offset) }
  private func has(_ part: [UInt8], at offset: Int) -> Bool { bytes.dropFirst(offset).starts(with: part) }
  private func contains(_ text: String) -> Bool { bytes.firstRange(of: Array(text.utf8)) != nil }
}
