import ArgumentParser

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// Finds options that were given twice, of which the parser would silently keep the last.
enum RepeatedOption {
  /// - Throws: `CommandFailure`, which names the option, where one with a value was given twice and may not be.
  static func refuse(in words: [String]) throws {
    let names = words.filter { $0.hasPrefix("--") }.map(name)
    // What the parser knows of the options is asked for only where it may matter.
    guard Set(names).count < names.count, let tool = try? tool() else { return }
    if let name = tool.command.repeatedOption(in: words[...]) {
      throw CommandFailure.usage("\(name) is given twice", next: "give it once")
    }
  }

  static func name(_ word: String) -> String { String(word.prefix { $0 != "=" }) }

  /// What the parser knows of this program.
  static func tool() throws -> Tool {
    try JSONDecoder().decode(Tool.self, from: Data(RootCommand._dumpHelp().utf8))
  }

  /// The part of the parser's description of a program that matters here.
  struct Tool: Decodable {
    let command: Command
  }

  struct Command: Decodable {
    let commandName: String
    let subcommands: [Command]?
    let arguments: [Argument]?
  }

  struct Argument: Decodable {
    let kind: String
    let isRepeating: Bool
    let names: [Name]?
    let valueName: String?

    struct Name: Decodable {
      let kind: String
      let name: String
    }

    /// The option as it is written; nil for a positional argument.
    var optionName: String? { names?.first { $0.kind == "long" }.map { "--" + $0.name } }
  }
}

extension RepeatedOption.Command {
  /// The first option that these words, which the parser accepted, give a second value.
  fileprivate func repeatedOption(in words: ArraySlice<String>) -> String? {
    if let first = words.first, let command = subcommands?.first(where: { $0.commandName == first }) {
      return command.repeatedOption(in: words.dropFirst())
    }
    let options = Dictionary(
      (arguments ?? []).filter { $0.kind == "option" }.compactMap { option in
        option.optionName.map { ($0, option.isRepeating) }
      }, uniquingKeysWith: { first, _ in first })
    var seen: Set<String> = []
    var isValue = false
    for word in words {
      let name = RepeatedOption.name(word)
      if isValue {
        isValue = false
      } else if word == "--" {
        return nil
      } else if let isRepeating = options[name] {
        if !seen.insert(name).inserted, !isRepeating { return name }
        isValue = name == word
      }
    }
    return nil
  }
}
