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
    var (result, rest) = ([first], words.dropFirst())
    while let word = rest.popFirst() {
      if word == "--" { return result + [word] + rest }
      if let option = options[RepeatedOption.name(word)], isBare(word) || options[word] != nil {
        let name = RepeatedOption.name(word)
        guard let value = isBare(word) ? "" : rest.popFirst() else { return result + [word] }
        if value.isEmpty, let kind = option.valueName, pathKinds.contains(kind) {
          throw CommandFailure.usage("\(name) is empty", next: "name a \(kind), or leave it out")
        }
        result += [name, value]
      } else {
        if word.isEmpty, let kind = arguments.first(where: { $0.kind == "positional" })?.valueName,
          pathKinds.contains(kind)
        {
          throw CommandFailure.usage("the name of a \(kind) is empty", next: "name a \(kind), or leave it out")
        }
        result.append(word)
      }
    }
    return result
  }

  private static func isBare(_ word: String) -> Bool { word.hasPrefix("-") && RepeatedOption.name(word) + "=" == word }

  /// What values are called that are paths.
  static let pathKinds: Set = ["file", "folder", "model", "corpus", "log", "sample"]
}
