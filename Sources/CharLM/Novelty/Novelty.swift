/// What of a text stands word for word in a corpus.
public struct Novelty: Sendable {
  /// A passage that the corpus has, and that it has not with a character more on either side.
  public struct Run: Hashable, Sendable {
    /// Its bytes in the text, whole scalars.
    public let range: Range<Int>
    /// The number of the corpus's file that has it.
    public let source: Int
    /// The line there that it ends in, from 1.
    public let endLine: Int
  }

  /// The number of scalars of the text.
  public let scalarCount: Int
  /// All runs, in the order of the text; neighbours may overlap.
  public let runs: [Run]
  private let utf8: [UInt8]
  /// By run, how many scalars it has.
  private let lengths: [Int]

  init(_ utf8: [UInt8], _ found: [Run]) {
    self.utf8 = utf8
    scalarCount = utf8[...].scalarCount
    var runs: [Run] = []
    for run in found {
      var (start, end) = (run.range.lowerBound, run.range.upperBound)
      while start < end, utf8[start] & 0xC0 == 0x80 { start += 1 }
      while end > start, end < utf8.count, utf8[end] & 0xC0 == 0x80 { end -= 1 }
      guard start < end, start != runs.last?.range.lowerBound || end > runs[runs.count - 1].range.upperBound else {
        continue
      }
      runs.append(Run(range: start..<end, source: run.source, endLine: run.endLine))
    }
    self.runs = runs
    lengths = runs.map { utf8[$0.range].scalarCount }
  }

  /// The share of the text that lies in runs of at least so many scalars: 0 to 1; 0 for an empty text.
  public func share(inRunsOf length: Int) -> Double {
    var (covered, end) = (0, 0)
    for (run, count) in zip(runs, lengths) where count >= length {
      let start = max(run.range.lowerBound, end)
      guard run.range.upperBound > start else { continue }
      covered += utf8[start..<run.range.upperBound].scalarCount
      end = run.range.upperBound
    }
    return scalarCount > 0 ? Double(covered) / Double(scalarCount) : 0
  }

  /// The longest runs, the longest first, none within another, with the number of their scalars.
  public func longest(_ count: Int) -> [(run: Run, length: Int)] {
    var chosen: [(run: Run, length: Int)] = []
    for (run, length) in zip(runs, lengths).sorted(by: { ($0.1, $1.0.range.lowerBound) > ($1.1, $0.0.range.lowerBound) }
    ) {
      guard chosen.count < count else { break }
      if !chosen.contains(where: { $0.run.range.overlaps(run.range) }) { chosen.append((run, length)) }
    }
    return chosen
  }
}
