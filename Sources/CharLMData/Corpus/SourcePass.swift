import CharLMText

/// One pass through a file, in parts of documents.
struct SourcePass: ~Copyable {
  private(set) var reader: SourceReader
  private var cutter: DocumentCutter
  private var parts: [DocumentPart] = []
  private var nextPart = 0
  private var isAtEnd = false

  /// A pass from the beginning of a file.
  init(_ source: CorpusSource, settings: TextSettings, separator: String?) throws(CorpusError) {
    reader = try SourceReader(source, settings: settings)
    cutter = DocumentCutter(separator: separator, unit: settings.unit, normalization: settings.normalization)
  }

  /// The next part; nil at the end of the file.
  mutating func next() throws(CorpusError) -> DocumentPart? {
    while nextPart == parts.count {
      guard !isAtEnd else { return nil }
      nextPart = 0
      if let piece = try reader.next() {
        parts = cutter.append(piece)
      } else {
        isAtEnd = true
        parts = cutter.finish()
      }
    }
    defer { nextPart += 1 }
    return parts[nextPart]
  }
}

/// Tells how far a pass through all files is, a few hundred times.
struct PassProgress {
  private let pass: CorpusPass
  private let total: Int
  private let observe: (CorpusEvent) -> Void
  private var finished = 0
  private var told = 0

  init(_ pass: CorpusPass, _ request: CorpusRequest, byteCount: Int? = nil) {
    self.pass = pass
    total = byteCount ?? request.byteCount
    observe = request.observe
  }

  /// So many bytes of the present file were read.
  mutating func note(_ byteCount: Int) {
    guard finished + byteCount - told > max(1 << 20, total / 500) else { return }
    told = finished + byteCount
    observe(.progress(pass, byteCount: told, of: total))
  }

  /// The present file was read to its end.
  mutating func finish(_ byteCount: Int) { finished += byteCount }
}
