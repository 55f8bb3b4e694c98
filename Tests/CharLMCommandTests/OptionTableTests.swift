import ArgumentParser
import CharLM
import CharLMTraining
import RecurrentNN
import Testing

@testable import CharLMCommand

/// The tables of options leave nothing out.
@Suite struct OptionTableTests {
  /// A value for each option of `train` that takes one, other than in `base`.
  private static let values = [
    "--epochs": "2.5", "--steps": "7", "--budget": "90s", "--threads": "3", "--cell": "gru", "--nonlinearity": "relu",
    "--layers": "3", "--mogrify": "2", "--hidden": "33", "--embedding": "17", "--dropout": "0.35", "--unit": "word",
    "--normalization": "nfc", "--encoding": "utf-8", "--invalid": "replace", "--fallback": "byte", "--min-count": "4",
    "--vocabulary-size": "500", "--document-separator": "\\n\\n", "--validation": "0.2", "--validation-file": "v.txt",
    "--batch": "9", "--bptt": "21", "--optimizer": "rmsprop", "--learning-rate": "0.125", "--schedule": "constant",
    "--warmup": "11", "--clip": "0.5", "--weight-decay": "0.25", "--momentum": "0.75", "--ema": "0.875",
    "--patience": "6", "--precision": "bf16", "--random-seed": "99", "--embedding-dropout": "0.125",
    "--weight-drop": "0.375", "--ar": "1.5", "--tar": "2.5", "--log": "a log.jsonl", "--tensorboard": "runs",
    "--show-samples": "5", "--report": "r.html", "--model": "m.safetensors", "--save-every": "500steps",
    "--init-from": "i.safetensors", "--embedding-init": "glove.txt", "--keep": "4", "--cache": "tokens",
    "--teacher": "t.safetensors", "--teacher-weight": "0.5", "--sync-every": "40", "--wire": "bf16",
  ]

  /// What some options cannot be without.
  private static let companions = [
    "--nonlinearity": ["--cell", "rnn"], "--momentum": ["--optimizer", "sgd"], "--bidirectional": ["--pairs"],
    "--teacher-weight": ["--teacher", "t.safetensors"],
  ]

  /// The options that set nothing of the network and its training.
  private static let withoutSetting: Set = [
    "--json", "--quiet", "--threads", "--unit", "--normalization", "--encoding", "--invalid", "--fallback",
    "--min-count",
    "--vocabulary-size", "--document-separator", "--validation", "--validation-file", "--log", "--tensorboard",
    "--show-samples", "--report", "--pairs", "--model", "--resume", "--save-every", "--init-from", "--embedding-init",
    "--keep", "--find-lr", "--dry-run", "--overwrite", "--cache",
    "--teacher", "--teacher-weight", "--sync-every", "--wire", "--members",
  ]

  private static let base = RunSettings(
    network: NetworkSettings(layers: 1, hidden: 512, embedding: 128),
    training: TrainingSettings(
      batch: 32, bptt: 64, length: .steps(1), schedule: LearningRateSchedule(peak: 0.01), validationInterval: 20))

  /// The options of `train` by the parser's own account, without `--help`, and without `--config`, whose place the
  /// options of the file have taken before the parser reads.
  private static let options: [RepeatedOption.Argument] = {
    let command = try? RepeatedOption.tool().command.subcommands?.first { $0.commandName == "train" }
    return (command?.arguments ?? []).filter { ![nil, "--help", "--config"].contains($0.optionName) }
  }()

  @Test("every option that the parser knows of train is declared, once")
  func complete() throws {
    let names = TrainCommand.declarations.map(\.name)
    #expect(Set(names).count == names.count)
    // An inverse is declared with its option.
    #expect(Set(names) == Set(Self.options.compactMap(\.optionName).filter { $0 != "--no-tied" }))
  }

  @Test(
    "an option alone is composed again as it was given, and changes the settings",
    arguments: TrainCommand.declarations.map(\.name))
  func alone(_ name: String) throws {
    let option = try #require(Self.options.first { $0.optionName == name })
    var words = [name]
    if option.kind == "option" { words.append(try #require(Self.values[name], "\(name) needs a value here")) }
    let companions = Self.companions[name] ?? []
    let command = try #require(
      try RootCommand.parsed(["train"] + (name == "--resume" ? [] : ["a.txt"]) + companions + words) as? TrainCommand)
    let isOwn = { (declaration: Declaration<TrainCommand>) in declaration.name == name }
    #expect(command.words(where: isOwn) == words)
    #expect(command.given.contains(name) && command.given.count == 1 + (companions.isEmpty ? 0 : 1))
    // What is composed is read back as the same.
    let again = try #require(try RootCommand.parsed(command.allWords) as? TrainCommand)
    #expect(again.allWords == command.allWords)

    let declaration = try #require(TrainCommand.declarations.first(where: isOwn))
    #expect((declaration.setting == nil) == Self.withoutSetting.contains(name))
    var requested = RequestedSettings()
    declaration.request(command, &requested)
    let settings = requested.applied(to: Self.base)
    #expect((settings != Self.base) == (declaration.setting != nil))
    if let argument = declaration.setting?.argument(settings), option.kind == "option" {
      #expect(argument == words[1])
    }
  }

  @Test(
    "an option that sets how the corpus is read changes its settings",
    arguments: [
      "--unit", "--normalization", "--encoding", "--invalid", "--fallback", "--min-count", "--vocabulary-size",
    ])
  func text(_ name: String) throws {
    func command(_ words: [String]) throws -> TrainCommand {
      try #require(try RootCommand.parsed(["train", "a.txt"] + words) as? TrainCommand)
    }
    let value = try #require(Self.values[name])
    let plain = try command([]).text.vocabulary.settings
    #expect(try command([name, value]).text.vocabulary.settings != plain)
  }
}
