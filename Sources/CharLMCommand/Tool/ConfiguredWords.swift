/// A command line with the options of its `--config` file in their places.
///
/// What is given on the command line counts, and the file's option of that name, or one that excludes it, does not.
struct ConfiguredWords {
  /// The words for the parser: the file's, then the command line's own.
  let words: [String]
  private let file: ConfigurationFile
  /// The options of the file that count.
  private let entries: [ConfigurationFile.Entry]

  /// - Returns: nil where the command line names no file.
  /// - Throws: `FileError` and `CommandFailure` where the file cannot be read or does not fit the command.
  init?(_ words: [String]) throws {
    // What the parser knows of the options is asked for only where it may matter.
    guard let first = words.first, words.contains(where: { RepeatedOption.name($0) == "--config" }) else { return nil }
    let foreign = try ForeignWords(words)
    let command = try foreign.command(first)
    // `charlm info` has a flag of this name.
    guard (command.arguments ?? []).contains(where: { $0.optionName == "--config" && $0.kind == "option" }) else {
      return nil
    }
    let given = try GivenWords(foreign.translated().dropFirst(), of: command)
    guard let path = given.configPath else { return nil }
    let file = try ConfigurationFile(path: path)
    let options = ConfigurableOptions(of: command)
    for entry in file.entries { try options.check(entry, in: file) }
    entries = file.entries.filter { entry in
      entry.name == options.argument
        ? !given.hasArguments : given.names.isDisjoint(with: Limits.alternatives(to: entry.name))
    }
    self.file = file
    self.words = [first] + entries.flatMap(options.words) + given.words
  }

  /// An error of the parser, with the place in the file that it is about, where it is about one.
  func placed(_ error: any Error) -> any Error {
    let ending = Ending(error)
    guard ending.exitCode != 0, ending.message.hasPrefix("charlm: ") else { return error }
    let message = ending.message.dropFirst("charlm: ".count).dropLast()
    let places = entries.compactMap { entry in
      Self.place(of: "--" + entry.name, in: message).map { (line: entry.line, place: $0) }
    }
    guard let first = places.min(by: { $0.place < $1.place }) else { return error }
    return CommandFailure("\(file.path):\(first.line): \(message)", exitCode: ending.exitCode)
  }

  /// Where a message names an option.
  private static func place(of option: String, in message: Substring) -> String.Index? {
    var rest = message
    while let range = rest.firstRange(of: option) {
      rest = rest[range.upperBound...]
      guard let next = rest.first, next == "-" || next.isLetter || next.isNumber else { return range.lowerBound }
    }
    return nil
  }
}

/// What stands on a command line beside `--config`.
private struct GivenWords {
  /// All but `--config` and its file.
  private(set) var words: [String] = []
  private(set) var configPath: String?
  /// The options that are given, with their hyphens.
  private(set) var names: Set<String> = []
  /// Whether there are words that are no options.
  private(set) var hasArguments = false

  init(_ given: ArraySlice<String>, of command: RepeatedOption.Command) throws {
    let options = Dictionary(
      (command.arguments ?? []).flatMap { option in option.writtenNames.map { ($0, option) } },
      uniquingKeysWith: { first, _ in first })
    var rest = given
    while let word = rest.popFirst() {
      if word == "--" {
        hasArguments = hasArguments || !rest.isEmpty
        words += [word] + rest
        return
      }
      let name = RepeatedOption.name(word)
      guard let option = options[name] else {
        hasArguments = hasArguments || word == "-" || !word.hasPrefix("-")
        words.append(word)
        continue
      }
      let value = name == word && option.kind == "option" ? rest.popFirst() : nil
      guard name == "--config" else {
        names.insert(option.optionName ?? name)
        words += [word] + [value].compactMap(\.self)
        continue
      }
      if configPath != nil {
        throw CommandFailure.usage("--config is given twice", next: "put the options in one file")
      }
      configPath = value ?? String(word.dropFirst(name.count + 1))
      if (configPath ?? "").isEmpty { throw CommandFailure.usage("--config names no file", next: "name one") }
    }
  }
}

/// What a file may give for a command.
private struct ConfigurableOptions {
  private let command: String
  private let options: [String: RepeatedOption.Argument]
  /// The name of the command's arguments, such as `corpus`; nil where it takes none, or an option has this name.
  let argument: String?

  init(of command: RepeatedOption.Command) {
    let all = command.arguments ?? []
    let options = Dictionary(
      all.compactMap { option in option.optionName.map { (String($0.dropFirst(2)), option) } }
        .filter { $0.0 != "help" && $0.0 != "config" }, uniquingKeysWith: { first, _ in first })
    let positional = all.first { $0.kind == "positional" }?.valueName
    argument = positional.flatMap { options[$0] == nil ? $0 : nil }
    self.options = options
    self.command = command.commandName
  }

  /// What values are called that are numbers.
  private static let numberKinds: Set = [
    "number", "factor", "fraction", "rate", "probability", "decay", "norm", "part", "bits", "strength",
  ]

  /// - Throws: `CommandFailure`, which names file, line and option, where the command has no such option, or it takes
  ///   another kind of value.
  func check(_ entry: ConfigurationFile.Entry, in file: ConfigurationFile) throws {
    func failure(_ what: String, _ next: String) -> CommandFailure {
      .usage("\(file.path):\(entry.line): " + what, next: next)
    }
    let isFlag = options[entry.name]?.kind == "flag"
    let kind = (entry.name == argument ? entry.name : options[entry.name]?.valueName) ?? ""
    let takesList = entry.name == argument || options[entry.name]?.isRepeating == true
    guard options[entry.name] != nil || entry.name == argument else {
      let nearest = nearest(to: entry.name)
      throw failure(
        "there is no option '\(entry.name)'", nearest.map { "did you mean '\($0)'?" } ?? "see 'charlm help \(command)'")
    }
    switch entry.value {
    case .boolean where isFlag: break
    case _ where isFlag:
      throw failure("'\(entry.name)' is given \(entry.value.noun), but is on or off", "write true or false")
    case .string where Self.numberKinds.contains(kind):
      throw failure("'\(entry.name)' is given a text, but takes a number", "leave out the quotation marks")
    case .list(let values) where takesList:
      if EmptyValue.pathKinds.contains(kind), case .number(let text)? = values.first(where: \.isNumber) {
        throw failure(
          "the list of '\(entry.name)' has the number \(text) in it", "a name stands in quotes: \"\(text)\"")
      }
      if values.contains(where: { if case .boolean = $0 { true } else { false } }) {
        throw failure("the list of '\(entry.name)' has true or false in it", "give it texts")
      }
    case .list: throw failure("'\(entry.name)' is given a list, but takes one value", "give it one")
    case .boolean: throw failure("'\(entry.name)' is given \(entry.value.noun), but takes a value", "give it one")
    case .number(let text) where EmptyValue.pathKinds.contains(kind):
      throw failure(
        "'\(entry.name)' is given \(entry.value.noun), but names a \(kind)", "a name stands in quotes: \"\(text)\"")
    case .number, .string: break
    }
  }

  /// What was probably meant by a name: what other programs call an option, or an option that is written like it.
  private func nearest(to name: String) -> String? {
    let plain = Likeness.plain(name)
    for synonym in Synonym.table(of: command) where synonym.words.contains(where: { Likeness.plain($0) == plain }) {
      if case .option(let option) = synonym.meaning { return String(option.dropFirst(2)) }
      if case .argument = synonym.meaning, let argument { return argument }
    }
    return Likeness.best(for: name, in: options.keys.sorted() + [argument].compactMap(\.self), key: { $0 })
  }

  /// What turns a flag off that would else be chosen.
  private func inverse(_ entry: ConfigurationFile.Entry) -> [String] {
    let name = "no-" + entry.name
    return entry.value == .boolean(false) && options[name] != nil ? ["--" + name] : []
  }

  /// An entry as words of a command line.
  func words(_ entry: ConfigurationFile.Entry) -> [String] {
    entry.value.texts.map { text in
      // A file of the name -x is no option.
      if entry.name == argument { return text.hasPrefix("-") && text != "-" ? "./" + text : text }
      return options[entry.name]?.kind == "flag" ? "--" + entry.name : "--\(entry.name)=\(text)"
    } + inverse(entry)
  }
}

extension ConfigurationFile.Value {
  fileprivate var isNumber: Bool { if case .number = self { true } else { false } }

  /// The values as words; none for what is off.
  fileprivate var texts: [String] {
    switch self {
    case .boolean(let isOn): isOn ? ["true"] : []
    case .number(let text), .string(let text): [text]
    case .list(let values): values.flatMap(\.texts)
    }
  }
}
