/// Reports how far a pass through all sources is, a few hundred times.
struct PassProgress {
  private let pass: CorpusPass
  private let total: Int
  private let observe: (CorpusEvent) -> Void
  private var finished = 0
  private var reported = 0

  /// - Parameter byteCount: the bytes of the whole pass.
  init(_ pass: CorpusPass, byteCount: Int, _ observe: @escaping (CorpusEvent) -> Void) {
    self.pass = pass
    total = byteCount
    self.observe = observe
  }

  /// So many bytes of the present source were read.
  mutating func note(_ byteCount: Int) {
    guard finished + byteCount - reported > max(1 << 20, total / 500) else { return }
    reported = finished + byteCount
    observe(.progress(pass, byteCount: reported, of: total))
  }

  /// The present source was read to its end.
  mutating func finish(_ byteCount: Int) { finished += byteCount }
}
