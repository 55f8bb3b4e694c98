/// A line about one subject, such as the corpus or the network of a run.
struct CommandNote: Equatable {
  /// What a line can be about.
  enum Subject: String {
    case corpus, documents, encoding, spelling, tokens, added, network, training, batch, length, rates, model
    case time, memory, quality
  }

  let subject: Subject
  let text: String

  init(_ subject: Subject, _ text: String) { (self.subject, self.text) = (subject, text) }
}

extension [CommandNote] {
  /// The lines one below the other, each with its subject before it.
  var text: String {
    map { note in
      let name = note.subject.rawValue
      return "  " + name + String(repeating: " ", count: 10 - name.count) + note.text
    }.joined(separator: "\n")
  }
}
