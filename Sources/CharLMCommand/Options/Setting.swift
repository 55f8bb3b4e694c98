import CharLM
import CharLMTraining

/// The setting of a run that an option requests.
struct Setting<Value: ArgumentText & Sendable>: Sendable {
  /// Requests a value.
  let request: @Sendable (Value, inout RequestedSettings) -> Void
  /// The setting without the type of its value.
  let declared: DeclaredSetting

  private init(
    isChosen: Bool, request: @escaping @Sendable (Value, inout RequestedSettings) -> Void,
    value: @escaping @Sendable (RunSettings) -> Value?, phrase: @escaping @Sendable (Value) -> String?
  ) {
    self.request = request
    declared = DeclaredSetting(
      isChosen: isChosen, argument: { value($0)?.argumentText }, phrase: { value($0).flatMap(phrase) })
  }

  /// A setting with a fixed default.
  /// - Parameter phrase: the value in the introduction to a run; nil where it need not be mentioned.
  static func fixed(
    _ path: WritableKeyPath<RunSettings, Value> & Sendable,
    phrase: @escaping @Sendable (Value) -> String? = { _ in nil }
  ) -> Setting {
    Setting(isChosen: false, request: { $1[path] = $0 }, value: { $0[keyPath: path] }, phrase: phrase)
  }

  /// A setting that recipes choose by the size of the corpus and the length of the training.
  static func chosen(
    _ path: WritableKeyPath<RunSettings, Value> & Sendable,
    phrase: @escaping @Sendable (Value) -> String? = { _ in nil }
  ) -> Setting {
    Setting(isChosen: true, request: { $1[path] = $0 }, value: { $0[keyPath: path] }, phrase: phrase)
  }

  /// A setting that is off unless it is requested.
  static func optional(
    _ path: WritableKeyPath<RunSettings, Value?> & Sendable,
    phrase: @escaping @Sendable (Value) -> String? = { _ in nil }
  ) -> Setting {
    Setting(isChosen: false, request: { $1[path] = .some($0) }, value: { $0[keyPath: path] }, phrase: phrase)
  }

  /// The length of training, of which each option gives one form.
  static func length(_ length: @escaping @Sendable (Value) -> TrainingLength) -> Setting {
    Setting(
      isChosen: false, request: { $1[\.training.length] = length($0) }, value: { _ in nil }, phrase: { _ in nil })
  }
}
