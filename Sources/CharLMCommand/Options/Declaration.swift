import ArgumentParser
import CharLMTraining

/// One option of a command: its range, the setting that it requests, and what it cannot be combined with.
///
/// The parser reads an option into a property; its declaration stands in a table beside that property. From the tables
/// follow the checks, what was given, the requested settings, the introduction to a run, and the command that repeats it.
///
/// A new training option takes two files: its setting with the use of it in the library, and the property with its
/// declaration in a group of options. A test fails where an option has no declaration, or a declaration changes no setting.
struct Declaration<Options>: Sendable {
  /// The option as it is written, such as `--clip`.
  let name: String
  /// The option with its value as words of a command line; empty where it was not given.
  let words: @Sendable (Options) -> [String]
  /// Throws where the value is out of range.
  let check: @Sendable (Options) throws -> Void
  /// Requests the setting, where the option was given.
  let request: @Sendable (Options, inout RequestedSettings) -> Void
  /// The setting in the settings of a run; nil for an option that sets none.
  let setting: DeclaredSetting?
  /// The modes of training in which it has no meaning.
  var exclusions: [Exclusion]
  /// What it needs to have an effect.
  let requirement: Requirement<Options>?
  /// Whether the command that resumes a run repeats it, because the state of the run does not hold it.
  let isRepeatedOnResume: Bool

  /// Whether the option was given.
  func isGiven(in options: Options) -> Bool { !words(options).isEmpty }
}

/// The setting behind an option, as it stands in the settings of a run.
struct DeclaredSetting: Sendable {
  /// Whether the recipes choose it by corpus and time, so that the command that repeats a run has to name it.
  let isChosen: Bool
  /// The value as it is written on a command line.
  let argument: @Sendable (RunSettings) -> String?
  /// The value in the introduction to a run, where it is worth mentioning.
  let phrase: @Sendable (RunSettings) -> String?
}

/// What an option needs to have an effect.
struct Requirement<Options>: Sendable {
  /// The options that it needs, as they are written.
  let text: String
  /// Whether they were given.
  let holds: @Sendable (Options) -> Bool
}

extension Declaration {
  /// An option with a value.
  init<Value: ArgumentText & Sendable>(
    _ name: String, _ value: KeyPath<Options, Value?> & Sendable, in limit: Limit<Value>? = nil,
    sets setting: Setting<Value>? = nil, excludedBy exclusions: [Exclusion] = [],
    needs requirement: Requirement<Options>? = nil, isRepeatedOnResume: Bool = false
  ) {
    self.name = name
    words = { options in options[keyPath: value].map { [name, $0.argumentText] } ?? [] }
    check = { options in
      if let value = options[keyPath: value], let limit { try limit.check(value, of: name) }
    }
    request = { options, requested in
      if let value = options[keyPath: value] { setting?.request(value, &requested) }
    }
    self.setting = setting?.declared
    (self.exclusions, self.requirement) = (exclusions, requirement)
    self.isRepeatedOnResume = isRepeatedOnResume
  }

  /// An option that may be given several times.
  init(
    _ name: String, each values: KeyPath<Options, [String]> & Sendable, excludedBy exclusions: [Exclusion] = []
  ) {
    self.name = name
    words = { options in options[keyPath: values].flatMap { [name, $0.argumentText] } }
    check = { _ in }
    request = { _, _ in }
    (setting, self.exclusions, requirement, isRepeatedOnResume) = (nil, exclusions, nil, false)
  }

  /// An option with a default value, which counts as given.
  init<Value: ArgumentText & Sendable>(
    _ name: String, withDefault value: KeyPath<Options, Value> & Sendable, in limit: Limit<Value>? = nil
  ) {
    self.name = name
    words = { [name, $0[keyPath: value].argumentText] }
    check = { try limit?.check($0[keyPath: value], of: name) }
    request = { _, _ in }
    (setting, exclusions, requirement, isRepeatedOnResume) = (nil, [], nil, false)
  }

  /// A flag, which requests true.
  init(
    _ name: String, flag: KeyPath<Options, Bool> & Sendable, sets setting: Setting<Bool>? = nil,
    excludedBy exclusions: [Exclusion] = [], needs requirement: Requirement<Options>? = nil
  ) {
    self.name = name
    words = { $0[keyPath: flag] ? [name] : [] }
    check = { _ in }
    request = { options, requested in
      if options[keyPath: flag] { setting?.request(true, &requested) }
    }
    self.setting = setting?.declared
    (self.exclusions, self.requirement) = (exclusions, requirement)
    isRepeatedOnResume = false
  }

  /// A flag that has an inverse, and requests true or false.
  init(
    _ name: String, flag: KeyPath<Options, Bool?> & Sendable, inverse: String, sets setting: Setting<Bool>,
    excludedBy exclusions: [Exclusion] = []
  ) {
    self.name = name
    words = { options in options[keyPath: flag].map { [$0 ? name : inverse] } ?? [] }
    check = { _ in }
    request = { options, requested in
      if let isOn = options[keyPath: flag] { setting.request(isOn, &requested) }
    }
    self.setting = setting.declared
    (self.exclusions, requirement, isRepeatedOnResume) = (exclusions, nil, false)
  }

  private init<Part>(_ part: Declaration<Part>, at path: KeyPath<Options, Part> & Sendable, _ exclusions: [Exclusion]) {
    name = part.name
    words = { part.words($0[keyPath: path]) }
    check = { try part.check($0[keyPath: path]) }
    request = { part.request($0[keyPath: path], &$1) }
    setting = part.setting
    self.exclusions = part.exclusions + exclusions
    requirement = part.requirement.map { need in
      Requirement(text: need.text) { need.holds($0[keyPath: path]) }
    }
    isRepeatedOnResume = part.isRepeatedOnResume
  }

  /// The declarations of a group, as those of the command or the group that it is part of.
  static func group<Group: DeclaredOptions>(
    _ path: KeyPath<Options, Group> & Sendable, excludedBy exclusions: [Exclusion] = []
  ) -> [Declaration] {
    Group.declarations.map { Declaration($0, at: path, exclusions) }
  }
}

/// A group of options with a table of their declarations.
protocol DeclaredOptions {
  /// Every option of the group, in the order in which a command line is composed.
  static var declarations: [Declaration<Self>] { get }
}

extension DeclaredOptions {
  /// Checks that every value is in its range.
  func checkRanges() throws {
    for declaration in Self.declarations { try declaration.check(self) }
  }

  /// The names of the options that were given.
  var given: [String] { Self.declarations.filter { $0.isGiven(in: self) }.map(\.name) }

  /// The options that were given and that `isIncluded` takes, as words of a command line.
  func words(where isIncluded: (Declaration<Self>) -> Bool = { _ in true }) -> [String] {
    Self.declarations.filter(isIncluded).flatMap { $0.words(self) }
  }

  /// What the options request; the rest is to be chosen.
  var requested: RequestedSettings {
    var requested = RequestedSettings()
    for declaration in Self.declarations { declaration.request(self, &requested) }
    return requested
  }
}

extension DeclaredOptions where Self: ParsableArguments {
  mutating func validate() throws { try checkRanges() }
}
