import ArgumentParser
import CharLM

/// The values that an option takes.
struct Limit<Value: Sendable>: Sendable {
  private let contains: @Sendable (Value) -> Bool
  /// What is wrong with a value outside, and what to do, as it continues the option's name.
  private let problem: @Sendable (Value) -> String

  /// - Throws: `ValidationError`, which names option, value and limit, where the value is outside.
  func check(_ value: Value, of option: String) throws {
    guard !contains(value) else { return }
    throw ValidationError("\(option) \(problem(value))")
  }

  private init(
    contains: @escaping @Sendable (Value) -> Bool, problem: @escaping @Sendable (Value) -> String
  ) {
    (self.contains, self.problem) = (contains, problem)
  }
}

extension Limit where Value: Comparable {
  static func range(_ range: ValueRange<Value>) -> Limit {
    Limit(contains: range.contains) { "\(ValueRange.plain($0)) is out of range; it must be \(range.description)" }
  }

  static func from(_ lower: Value, to upper: Value) -> Limit { .range(.from(lower, to: upper)) }

  static func above(_ lower: Value, upTo upper: Value) -> Limit { .range(.above(lower, upTo: upper)) }
}

extension Limit where Value == String {
  /// Any text but the empty one.
  /// - Parameter what: what the text stands for, such as "folder".
  static func notEmpty(a what: String) -> Limit {
    Limit(contains: { !$0.isEmpty }, problem: { _ in "is empty; name a \(what), or leave it out" })
  }
}

/// Checks that hold for several options at once.
enum Limits {
  /// At most one of several options.
  static func exclude(_ options: [(name: String, isGiven: Bool)]) throws {
    let names = options.filter(\.isGiven).map(\.name)
    guard names.count > 1 else { return }
    throw ValidationError("\(names.joined(separator: " and ")) exclude each other; give one of them")
  }

  /// An option, and those that stand for another choice of the same thing, with their hyphens.
  static func alternatives(to name: String) -> Set<String> {
    let groups: [Set] = [
      ["--epochs", "--steps", "--budget"], ["--validation", "--validation-file"], ["--seed", "--seed-file"],
      ["--match", "--grammar"], ["--word-temperature", "--dynamic-temperature"],
      ["--tied", "--no-tied"],
    ]
    return groups.first { $0.contains("--" + name) } ?? ["--" + name]
  }

  /// Standard input at most once.
  static func checkReadOnce(_ paths: [String]) throws {
    guard paths.count(where: { $0 == "-" }) > 1 else { return }
    throw ValidationError("- (standard input) can be read only once; name it once")
  }
}
