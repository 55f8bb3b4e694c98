import ArgumentParser

/// The help of a command, from the parser's own screen: whole, or with what most people need.
struct HelpScreen {
  private let columns: Int
  private let command: any ParsableCommand.Type
  /// What stands before the options: overview, discussion, example and usage, in paragraphs.
  private var paragraphs: [[Substring]] = []
  private var sections: [Section] = []

  private struct Section {
    var title: String
    var entries: [(label: String, text: String)] = []
    /// A sentence below the entries.
    var closing = ""
  }

  /// - Parameter columns: where lines are broken.
  init(of command: any ParsableCommand.Type, columns: Int) {
    (self.command, self.columns) = (command, columns)
    // Unbroken, so that each entry is one line.
    let screen = RootCommand.helpMessage(for: command, columns: 1 << 20)
    for block in screen.split(separator: "\n", omittingEmptySubsequences: false).split(separator: "") {
      let lines = Array(block)
      if lines[0].hasSuffix(":"), lines[0] == lines[0].uppercased() {
        sections.append(HelpScreen.section(lines))
      } else if sections.isEmpty {
        paragraphs.append(lines)
      } else {
        sections[sections.count - 1].closing = lines.joined(separator: "\n")
      }
    }
  }

  /// Everything.
  var whole: String {
    var sections = sections
    if command == RootCommand.self { sections.append(HelpScreen.environment) }
    return text(paragraphs, sections)
  }

  /// At most about 25 lines: what most people need, or everything where that is not much more.
  var short: String {
    guard let common = HelpScreen.common[command.configuration.commandName ?? ""] else { return whole }
    let shown = paragraphs.enumerated().filter { index, lines in
      index == 0 || lines[0].hasPrefix("Example") || lines[0].hasPrefix("USAGE")
    }
    var paragraphs = shown.map { $0.element.first == "Example:" ? Array($0.element.prefix(3)) : $0.element }
    let name = "charlm \(command.configuration.commandName ?? "")"
    if let usage = paragraphs.indices.last { paragraphs[usage] = [HelpScreen.usage(paragraphs[usage], name)] }
    var sections = sections.prefix { $0.title == "ARGUMENTS:" }
    var options = Section(title: "OPTIONS:")
    let entries = self.sections.flatMap(\.entries)
    options.entries = common.compactMap { option in
      entries.first { $0.label.split(separator: " ").contains(option[...]) }
    }
    let optionCount = entries.count { $0.label.hasPrefix("-") }
    options.closing = "'\(name) --help-all' shows all \(optionCount) options."
    sections.append(options)
    return text(paragraphs, Array(sections))
  }

  private static func usage(_ lines: [Substring], _ name: String) -> Substring {
    let arguments = lines[0].split(separator: " [--")[0]
    return arguments.contains("ptions>") ? arguments : arguments + " [<options>]"
  }

  /// The options that the short screens show, by command.
  private static let common = [
    "train": [
      "--budget", "--model", "--hidden", "--document-separator", "--resume", "--init-from", "--pairs", "--dry-run",
    ],
    "distil": ["--corpus", "--budget", "--model", "--hidden", "--teacher-weight", "--random-seed", "--dry-run"],
    "sample": [
      "--model", "--seed", "--length", "--temperature", "--documents", "--stop", "--interactive", "--count",
      "--random-seed",
    ],
    "eval": ["--model", "--mix", "--baselines", "--on-unknown", "--json"],
    "score": ["--model", "--html", "--jsonl", "--top", "--on-unknown", "--json"],
    "neurons": ["--model", "--html", "--units", "--on-unknown", "--json"],
    "compare": ["--html", "--on-unknown", "--json"],
    "novelty": ["--corpus", "--validation", "--held-out", "--top", "--json"],
    "serve": ["--model", "--port", "--host", "--token", "--open", "--runs"],
    "compress": ["--model", "--mix", "--output", "--stdout", "--force", "--rm", "--json"],
    "decompress": ["--model", "--output", "--stdout", "--force", "--rm", "--test", "--json"],
    "vocab": ["--unit", "--min-count", "--vocabulary-size", "--limit", "--json"],
    "convert": ["--to", "--model", "--vocabulary", "--corpus", "--unit"],
    "average": ["--output", "--force", "--json"],
    "bench": ["--shape", "--seconds", "--precision", "--threads", "--json"],
  ]

  private static let environment: Section = {
    var section = Section(title: "ENVIRONMENT:")
    section.entries = [
      ("CHARLM_CACHE", "Folder for the tokens of large corpora."),
      ("CHARLM_MPI", "The MPI library of several processes, in place of the launcher's."),
      ("CHARLM_KERNELS", "The instruction set to use at most: plain, avx2 or avx512."),
      ("CHARLM_PRODUCTS", "What multiplies matrices: own or library."),
      ("NO_COLOR", "Where it is set, output has no colors."),
    ]
    section.closing = "'charlm --generate-completion-script bash' (or zsh, fish) prints completions for a shell."
    return section
  }()

  // MARK: Reading the parser's screen

  private static let labelWidth = 26

  private static func section(_ lines: [Substring]) -> Section {
    var section = Section(title: String(lines[0]))
    for line in lines.dropFirst() {
      let isContinued = line.prefix(labelWidth).allSatisfy { $0 == " " }
      if isContinued, let last = section.entries.indices.last {
        section.entries[last].text = ordered(trimmed(line.dropFirst(labelWidth)))
      } else if let space = line.dropFirst(2).firstRange(of: "  ") {
        let label = line[line.index(line.startIndex, offsetBy: 2)..<space.lowerBound]
        section.entries.append((String(label), ordered(trimmed(line[space.upperBound...]))))
      } else {
        // A long label may touch its text, which begins in the text's column.
        let label = line.prefix(labelWidth).dropFirst(2)
        let isWhole = line.count <= labelWidth || label.last != " "
        section.entries.append(
          isWhole ? (trimmed(line), "") : (trimmed(label), ordered(trimmed(line.dropFirst(labelWidth)))))
      }
    }
    return section
  }

  private static func trimmed(_ text: Substring) -> String {
    var text = text.drop { $0 == " " }
    while text.last == " " { text.removeLast() }
    return String(text)
  }

  /// Values and default at the end, in this order, wherever the text has them.
  static func ordered(_ text: String) -> String {
    guard let open = text.firstRange(of: " (default: "), let close = text[open.upperBound...].firstIndex(of: ")") else {
      return text
    }
    let value = text[open.upperBound..<close]
    let rest = text[text.index(after: close)...]
    let sentence = String(text[..<open.lowerBound]) + "."
    if rest == "." { return sentence + " (default: \(value))" }
    guard rest.hasPrefix(". (values: "), rest.hasSuffix(")") else { return text }
    return sentence + " " + rest.dropFirst(2).dropLast() + "; default: \(value))"
  }

  // MARK: Writing

  private func text(_ paragraphs: [[Substring]], _ sections: [Section]) -> String {
    let opening = paragraphs.map { lines in
      lines.flatMap { $0.hasPrefix(" ") ? [String($0)] : wrapped(String($0), indent: 0) }.joined(separator: "\n")
    }
    return (opening + sections.map(text)).joined(separator: "\n\n")
  }

  private func text(_ section: Section) -> String {
    var lines = [section.title]
    for (label, text) in section.entries {
      var described = wrapped(text, indent: HelpScreen.labelWidth)
      if label.count + 2 < HelpScreen.labelWidth, !described.isEmpty {
        let padded = "  " + label + String(repeating: " ", count: HelpScreen.labelWidth - 2 - label.count)
        described[0] = padded + described[0].dropFirst(HelpScreen.labelWidth)
        lines += described
      } else {
        lines += ["  " + label] + described
      }
    }
    if !section.closing.isEmpty {
      lines += [""] + wrapped(HelpScreen.trimmed(section.closing[...]), indent: 2)
    }
    return lines.joined(separator: "\n")
  }

  /// Lines of at most `columns` characters, broken between words.
  private func wrapped(_ text: String, indent: Int) -> [String] {
    var lines: [String] = []
    let margin = String(repeating: " ", count: indent)
    for word in text.split(separator: " ") {
      if let line = lines.last, line.count + 1 + word.count <= columns {
        lines[lines.count - 1] = line + " " + word
      } else {
        lines.append(margin + word)
      }
    }
    return lines
  }
}
