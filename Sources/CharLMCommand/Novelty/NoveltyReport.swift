import CharLM
import CharLMData
import CharLMText

/// What `charlm novelty` prints.
struct NoveltyReport: Encodable {
  let sample: String
  let characters: Int
  /// The length of the longest passage; 0 for none.
  let longest: Int
  /// The part of the sample that lies in passages of at least so many characters.
  let shares: [Share]
  let passages: [Passage]
  /// Of the held-out part; null where there is none.
  let heldOut: OrNull<HeldOut>

  struct Share: Encodable {
    let length: Int
    let sample: Double
    let heldOut: OrNull<Double>
  }

  struct HeldOut: Encodable {
    let characters: Int
    let longest: Int
  }

  /// A passage of the sample that the corpus has.
  struct Passage: Encodable {
    let length: Int
    let line: Int
    let column: Int
    let file: String
    /// The line of the file that it ends in.
    let fileLine: Int
    let text: String
  }

  private static let lengths = [10, 20, 30, 50, 100, 200, 500]

  /// The parts of a sample, and of the held-out text, in passages of each length.
  static func shares(_ found: Novelty, heldOut: Novelty?) -> [Share] {
    lengths.map { length in
      Share(
        length: length, sample: found.share(inRunsOf: length),
        heldOut: OrNull(heldOut.map { $0.share(inRunsOf: length) }))
    }
  }

  init(_ sample: String, _ corpus: CorpusText, _ utf8: [UInt8], _ found: Novelty, heldOut: Novelty?, top: Int) {
    self.sample = sample
    characters = found.scalarCount
    longest = found.longest(1).first?.length ?? 0
    shares = NoveltyReport.shares(
      found,
      heldOut: heldOut)
    self.heldOut = OrNull(
      heldOut.map { HeldOut(characters: $0.scalarCount, longest: $0.longest(1).first?.length ?? 0) })
    passages = found.longest(top).map { run, length in
      var position = TextPosition()
      position.advance(to: run.range.lowerBound, in: utf8)
      return Passage(
        length: length, line: position.line, column: position.column, file: corpus.names[run.source],
        fileLine: run.endLine, text: String(decoding: utf8[run.range], as: UTF8.self))
    }
  }

  /// For people.
  var text: String {
    let width = Terminal.showsOutput ? Terminal.outputWidth : nil
    let facts = [
      ("sample", "\(sample): \(Quantity.count(characters, "character"))"), ("longest", longestText),
      ("result", verdict),
    ]
    return WrappedText.text(facts, width: width) + table + list
  }

  private var longestText: String {
    "\(Quantity.count(longest, "character"))"
      + (heldOut.value.map { "; in the held-out part \(Quantity.count($0.longest))" } ?? "")
  }

  private var table: String {
    let rows = shares.map { share in
      let label = "\(share.length) or more"
      func cell(_ value: Double?) -> String {
        let text = value.map { Quantity.fixed($0 * 100, 1) + "%" } ?? "-"
        return String(repeating: " ", count: max(0, 10 - text.count)) + text
      }
      return "  " + label + String(repeating: " ", count: 12 - label.count) + cell(share.sample)
        + (heldOut.value == nil ? "" : cell(share.heldOut.value)) + "\n"
    }
    return "\nPart in passages of the corpus, by their length in characters\n"
      + "                  sample" + (heldOut.value == nil ? "" : "  held out") + "\n" + rows.joined()
  }

  private var list: String {
    guard !passages.isEmpty else { return "" }
    return "\nLongest passages\n"
      + passages.map { passage in
        let shown = passage.text.count > 60 ? passage.text.prefix(59) + "…" : passage.text
        return
          "  \(passage.length) characters at \(passage.line):\(passage.column), in \(VisibleText.line(passage.file)) up to line "
          + "\(passage.fileLine): '\(VisibleText.line(EscapedText.escaped(String(shown))))'\n"
      }.joined()
  }

  /// What the figures say, in a sentence.
  var verdict: String {
    guard heldOut.value != nil else {
      return "nothing was held out to compare with; texts of one language always have phrases in common"
    }
    // At the length where the two differ most, of those that say something about copying.
    let telling = shares.filter { $0.length >= 20 }
    let excess = { (share: Share) in share.sample - (share.heldOut.value ?? 0) }
    guard let most = telling.max(by: { (excess($0), $0.length) < (excess($1), $1.length) }), excess(most) > 0.01 else {
      return "the sample has no more in common with the corpus than a text that was held out"
    }
    return
      "\(Quantity.fixed(most.sample * 100, 1))% of the sample lies in passages of \(most.length) characters or more "
      + "that the corpus has; of the held-out part \(Quantity.fixed((most.heldOut.value ?? 0) * 100, 1))%"
  }
}
