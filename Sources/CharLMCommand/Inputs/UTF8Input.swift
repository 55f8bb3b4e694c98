import CharLMText

/// A text to continue or to transform, which must be UTF-8.
enum UTF8Input {
  /// - Parameter path: where the bytes are from; "-" for standard input.
  static func text(_ bytes: [UInt8], path: String) throws -> String {
    do throws(TextError) {
      let text = try DecodedText(decoding: bytes, source: path == "-" ? "standard input" : path)
      return String(decoding: text.utf8, as: UTF8.self)
    } catch {
      let file = path == "-" ? "FILE" : CommandText.quoted(path)
      throw CommandFailure(error.description, next: "convert it to UTF-8: iconv -f ENCODING -t UTF-8 \(file)")
    }
  }
}

extension CommandFailure {
  /// An error of a text to continue or to transform, with what `--on-unknown` can do about it.
  init(unknownIn error: TextError) {
    guard case .unknownToken(_, let first, _) = error else {
      self.init(error)
      return
    }
    let skip = "--on-unknown skip to leave them out"
    let hasNearest = first.contains { $0.nearest != nil }
    self.init(
      error.description,
      next: hasNearest ? "give --on-unknown nearest to take similar characters, or \(skip)" : "give \(skip)")
  }
}
