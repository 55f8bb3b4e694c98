/// A line about one subject, such as the corpus or the network of a run.
struct CommandNote: Equatable {
  /// What a line can be about.
  enum Subject: String {
    case corpus, documents, encoding, spelling, tokens, added, teachers, start, network, training, batch, length, ranks,
      rates, model
    case time, memory, quality, machine, advice
  }

  let subject: Subject
  let text: String

  init(_ subject: Subject, _ text: String) { (self.subject, self.text) = (subject, text) }
}

extension [CommandNote] {
  /// The lines one below the other, each with its subject before it.
  var text: String { text(width: nil, isColored: false) }

  /// The same, wrapped at words, further lines indented below the text of the first.
  /// - Parameter width: the columns to fit into; nil for one line a note.
  func text(width: Int?, isColored: Bool) -> String {
    map { note in
      let name = note.subject.rawValue
      let label = "  " + name + String(repeating: " ", count: 10 - name.count)
      let style: TextStyle = note.subject == .advice || note.subject == .machine ? .warning : .label
      return style.applied(to: label, isColored: isColored)
        + WrappedText.text(label, VisibleText.line(note.text), width: width).dropFirst(label.count)
    }.joined(separator: "\n")
  }
}
