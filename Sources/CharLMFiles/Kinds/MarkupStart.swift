/// The beginning of a file, to recognize documents by that consist of readable characters.
struct MarkupStart {
  private let text: String

  init(_ bytes: ArraySlice<UInt8>) {
    let start = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? bytes.dropFirst(3) : bytes
    // Whatever the encoding, tags are ASCII.
    text = String(String.UnicodeScalarView(start.prefix(1 << 14).map { Unicode.Scalar($0) })).lowercased()
  }

  var kind: FileKind? { isRTF ? .rtf : isHTML ? .html : nil }

  /// A group that begins with the version, and a table of fonts, a character set or a paragraph in it.
  private var isRTF: Bool {
    guard text.hasPrefix("{\\rtf1"), let next = text.dropFirst(6).first, !next.isLetter, !next.isNumber else {
      return false
    }
    return ["\\ansi", "\\mac", "\\fonttbl", "\\pard", "\\par"].contains(where: text.contains)
  }

  /// A document type or the outermost tag, first of all but comments, and tags of a page after it.
  private var isHTML: Bool {
    var rest = text.drop(while: \.isWhitespace)
    for (opening, closing) in [("<?xml", "?>"), ("<!--", "-->")] {
      while rest.hasPrefix(opening), let end = rest.firstRange(of: closing) {
        rest = rest[end.upperBound...].drop(while: \.isWhitespace)
      }
    }
    guard rest.hasPrefix("<!doctype html") || rest.hasPrefix("<html>") || rest.hasPrefix("<html ") else { return false }
    let tags = ["<head", "<body", "<title", "<meta", "<p", "<div", "<h1", "<table", "<script", "<br"]
    return tags.count { rest.contains($0) } >= 2
  }
}
