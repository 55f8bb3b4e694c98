import CharLM
import CharLMTraining
import RecurrentNN

/// The options of `charlm train` that stand for a run's settings: what was chosen for it, and what was asked for in
/// place of a default.
struct SettingOptions {
  /// Names without dashes, and values, in the order in which a file has them.
  let entries: [(name: String, value: ConfigurationFile.Value)]

  /// - Parameter modes: what the run is; options that cannot be given then are left out.
  init(_ settings: RunSettings, modes: [TrainingMode]) {
    func options<Group: DeclaredOptions>(_: Group.Type) -> [(name: String, value: ConfigurationFile.Value)] {
      Group.declarations.compactMap { declaration in
        guard let setting = declaration.setting, let value = setting.argument(settings),
          setting.isChosen || value != setting.argument(SettingOptions.usual),
          !declaration.exclusions.contains(where: { modes.contains($0.mode) })
        else { return nil }
        let kind: ConfigurationFile.Value =
          value == "true" || value == "false"
          ? .boolean(value == "true") : Double(value) == nil ? .string(value) : .number(value)
        return (String(declaration.name.dropFirst(2)), kind)
      }
    }
    entries = options(NetworkOptions.self) + options(TrainingOptions.self) + options(RegularizationOptions.self)
  }

  /// What options that nothing chooses are where they are not given.
  private static let usual = RunSettings(
    network: NetworkSettings(),
    training: TrainingSettings(
      batch: 1, bptt: 1, length: .steps(1), schedule: LearningRateSchedule(peak: 1), validationInterval: 1))
}

extension SettingOptions: Encodable {
  private struct Name: CodingKey {
    let stringValue: String
    var intValue: Int? { nil }

    init(stringValue: String) { self.stringValue = stringValue }
    init?(intValue: Int) { nil }
  }

  /// An object with the options' names as keys.
  func encode(to encoder: any Encoder) throws {
    var object = encoder.container(keyedBy: Name.self)
    for (name, value) in entries { try object.encode(value, forKey: Name(stringValue: name)) }
  }
}

extension ConfigurationFile.Value: Encodable {
  func encode(to encoder: any Encoder) throws {
    var place = encoder.singleValueContainer()
    switch self {
    case .boolean(let value): try place.encode(value)
    case .number(let text):
      if let number = Int(text) { try place.encode(number) } else { try place.encode(Double(text)) }
    case .string(let text): try place.encode(text)
    case .list(let values): try place.encode(values)
    }
  }
}
