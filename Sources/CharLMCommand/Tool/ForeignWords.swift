import ArgumentParser
import CharLMFiles

/// Reads a command line that the parser refused: synonyms become the command's own options, and what is unknown is
/// answered with what was probably meant.
struct ForeignWords {
  private let words: [String]
  private let tool: RepeatedOption.Command

  init(_ words: [String]) throws {
    self.words = words
    tool = try RepeatedOption.tool().command
  }

  /// The words with charlm's own names.
  /// - Throws: `CommandFailure` for a command or an option that nothing stands for.
  func translated() throws -> [String] {
    guard let first = words.first else { return words }
    if first.hasPrefix("-") { return try translated(words[...], tool, command: nil) }
    let command = try command(first)
    return try [first] + translated(words.dropFirst(), command, command: first)
  }

  /// A command by its name.
  func command(_ name: String) throws -> RepeatedOption.Command {
    let commands = tool.subcommands ?? []
    if let command = commands.first(where: { $0.commandName == name }) { return command }
    throw ForeignWords.unknownCommand(name, commands.map(\.commandName))
  }

  private static func unknownCommand(_ name: String, _ commands: [String]) -> CommandFailure {
    let what = "there is no command '\(name)'"
    if let (_, command) = commandSynonyms.first(where: { $0.words.contains(Likeness.plain(name)) }) {
      return .usage(what, next: "did you mean '\(command)'?")
    }
    if let command = Likeness.best(for: name, in: commands, key: { $0 }) {
      return .usage(what, next: "did you mean '\(command)'?")
    }
    if Files.exists(name) {
      let command = name.hasSuffix(".safetensors") ? ["sample", "--model", name] : ["train", name]
      return .usage(what, next: "for the file of this name, type '\(CommandText.line(command))'")
    }
    return .usage(what, next: "see 'charlm --help'")
  }

  /// What other programs call the commands.
  private static let commandSynonyms: [(words: [String], command: String)] = [
    (["generate", "gen", "run", "predict", "complete", "write", "chat"], "sample"),
    (["fit", "learn", "finetune", "resume", "pretrain"], "train"),
    (["evaluate", "test", "validate", "perplexity", "ppl"], "eval"),
    (["benchmark", "speed"], "bench"), (["show", "inspect", "describe", "summary", "list", "ls"], "info"),
    (["vocabulary", "tokens", "tokenize", "count"], "vocab"), (["export", "import"], "convert"),
    (["draw", "chart", "graph"], "plot"), (["translate", "transform", "convertpairs"], "transduce"),
    (["merge", "mean", "soup"], "average"), (["surprisal", "surprise", "heatmap", "highlight"], "score"),
    (["activations", "units", "cells", "probe"], "neurons"), (["diff", "versus", "vs"], "compare"),
    (["memorization", "overlap", "copied", "plagiarism"], "novelty"),
    (["zip", "pack", "deflate"], "compress"), (["unzip", "unpack", "uncompress", "extract", "inflate"], "decompress"),
  ]

  // MARK: Options

  private func translated(
    _ words: ArraySlice<String>, _ parsed: RepeatedOption.Command, command: String?
  ) throws -> [String] {
    let options = (parsed.arguments ?? []).filter { $0.kind != "positional" }
    let own = Dictionary(
      options.flatMap { option in option.writtenNames.map { ($0, option) } }, uniquingKeysWith: { first, _ in first })
    let synonyms = Synonym.table(of: command).filter { synonym in
      if case .option(let name) = synonym.meaning { own[name] != nil } else { true }
    }
    var result: [String] = []
    var rest = words
    while let word = rest.popFirst() {
      if word == "--" { return result + [word] + rest }
      let name = RepeatedOption.name(word)
      if name == "--help-all" { throw HelpRequest(command: command, self.words) }
      guard word.hasPrefix("-"), word != "-", Double(word) == nil, own[name] == nil else {
        result.append(word)
        if let option = own[word], option.kind == "option", let value = rest.popFirst() { result.append(value) }
        continue
      }
      let value = word.dropFirst(name.count)
      switch try meaning(of: name, own.keys.sorted(), synonyms, command) {
      case .option(let ownName):
        result.append(ownName + value)
        if value.isEmpty, own[ownName]?.kind == "option", let next = rest.popFirst() { result.append(next) }
      case .argument:
        if !value.isEmpty { result.append(String(value.dropFirst())) }
      case .answer(let text):
        throw CommandFailure.usage("unknown option '\(name)'", next: text)
      }
    }
    return result
  }

  /// What an unknown option stands for.
  private func meaning(
    of name: String, _ own: [String], _ synonyms: [Synonym], _ command: String?
  ) throws -> Synonym.Meaning {
    let plain = Likeness.plain(name)
    // A single letter with one hyphen is another option than with two, and case matters in it.
    if plain.count == 1 {
      if let synonym = synonyms.first(where: { $0.words.contains(name) }) { return synonym.meaning }
    } else if let option = own.first(where: { Likeness.plain($0) == plain }) {
      return .option(option)
    } else if let synonym = synonyms.first(where: { $0.words.contains { Likeness.plain($0) == plain } }) {
      return synonym.meaning
    }
    let help = command.map { "charlm \($0) --help" } ?? "charlm --help"
    let nearest = suggestion(for: name, own, synonyms)
    throw CommandFailure.usage(
      "unknown option '\(name)'", next: nearest.map { "did you mean '\($0)'?" } ?? "see '\(help)'")
  }

  /// The option that was probably meant, by its own name or by a synonym.
  private func suggestion(for name: String, _ own: [String], _ synonyms: [Synonym]) -> String? {
    let names = own.filter { $0.hasPrefix("--") }
    if let option = Likeness.best(for: name, in: names, key: { $0 }) { return option }
    let candidates = synonyms.flatMap { synonym -> [(word: String, option: String)] in
      guard case .option(let option) = synonym.meaning else { return [] }
      return synonym.words.filter { $0.hasPrefix("--") }.map { ($0, option) }
    }
    return Likeness.best(for: name, in: candidates, key: { $0.word })?.option
  }
}

extension RepeatedOption.Argument {
  /// The option's names as they are written; none for a positional argument.
  var writtenNames: [String] { (names ?? []).map { ($0.kind == "long" ? "--" : "-") + $0.name } }
}
