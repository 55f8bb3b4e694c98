/// Values that are empty, as a script writes them whose variable is: `--output="$FILE"`.
enum EmptyValue {
  /// The words with each `--name=` as two, `--name` and nothing: the parser would take the word after it for its value.
  /// - Throws: `CommandFailure` where what is empty should name a file, a folder or a model.
  static func separated(_ words: [String]) throws -> [String] {
    // What the parser knows of the options is asked for only where it may matter.
    guard words.contains(where: { $0.isEmpty || isBare($0) }), let first = words.first,
      let command = try RepeatedOption.tool().command.subcommands?.first(where: { $0.commandName == first })
    else { return words }
    let arguments = command.arguments ?? []
    let options = Dictionary(
      arguments.filter { $0.kind == "option" }.flatMap { option in option.writtenNames.map { ($0, option) } },
      uniquingKeysWith: { first, _ in first })
    let flags = Set(arguments.filter { $0.kind == "flag" }.flatMap(\.writtenNames))
    let namesPaths = arguments.contains { $0.kind == "positional" && pathKinds.contains($0.valueName ?? "") }
    var (result, rest) = ([first], words.dropFirst())
    var isOnlyArguments = false
    while let word = rest.popFirst() {
      let name = RepeatedOption.name(word)
      if !isOnlyArguments, let option = options[name], isBare(word) || name == word {
        guard let value = isBare(word) ? "" : rest.popFirst() else { return result + [word] }
        if value.isEmpty, let kind = option.valueName, pathKinds.contains(kind) {
          throw CommandFailure.usage("\(name) is empty", next: "name a \(kind), or leave it out")
        }
        result += [name, value]
        continue
      }
      // After an unknown option it may be the value of a synonym, which is translated later.
      let mayBeValue = !isOnlyArguments && result.last?.hasPrefix("-") == true && !flags.contains(result.last ?? "")
      if word.isEmpty, namesPaths, !mayBeValue {
        throw CommandFailure.usage("an argument is empty", next: "give it a name, or leave it out")
      }
      isOnlyArguments = isOnlyArguments || word == "--"
      result.append(word)
    }
    return result
  }

  private static func isBare(_ word: String) -> Bool { word.hasPrefix("-") && RepeatedOption.name(word) + "=" == word }

  /// What values are called that are paths.
  static let pathKinds: Set = ["file", "folder", "model", "corpus", "log", "sample"]
}
