import ArgumentParser
import CharLM
import CharLMText
import CharLMTraining
import RecurrentNN

/// Checks that values of options are in their ranges; the error names option, value and range, and exits with 2.
enum Limits {
  static func check<Value: Comparable>(_ value: Value?, _ range: ClosedRange<Value>, _ option: String) throws {
    guard let value, !range.contains(value) else { return }
    throw ValidationError(
      "\(option) \(plain(value)) is out of range; it must be from \(plain(range.lowerBound)) to "
        + plain(range.upperBound))
  }

  /// The same for a number above zero.
  static func check(_ value: Float?, above lower: Float, upTo upper: Float, _ option: String) throws {
    guard let value, !(value > lower && value <= upper) else { return }
    throw ValidationError(
      "\(option) \(plain(value)) is out of range; it must be above \(plain(lower)), at most \(plain(upper))")
  }

  /// A precision that this CPU has; asked when a command runs, since the command line is right on another machine.
  static func checkAvailable(_ precision: Precision?) throws {
    guard let precision, !precision.isAvailable else { return }
    throw CommandFailure(TrainingError.unavailable(precision).description)
  }

  /// A number without ".0".
  private static func plain(_ value: some Comparable) -> String {
    let text = "\(value)"
    return text.hasSuffix(".0") ? String(text.dropLast(2)) : text
  }

  /// Standard input at most once.
  static func checkReadOnce(_ paths: [String]) throws {
    guard paths.count(where: { $0 == "-" }) > 1 else { return }
    throw ValidationError("- (standard input) can be read once only; name it once")
  }

  /// At most one of several options.
  static func exclude(_ given: [(option: String, isGiven: Bool)]) throws {
    let names = given.filter(\.isGiven).map(\.option)
    guard names.count > 1 else { return }
    throw ValidationError("\(names.joined(separator: " and ")) exclude each other; give one of them")
  }
}

extension CellKind: ExpressibleByArgument {}
extension Precision: ExpressibleByArgument {}
extension Nonlinearity: ExpressibleByArgument {}
extension OptimizerKind: ExpressibleByArgument {}
extension LearningRateSchedule.Kind: ExpressibleByArgument {}
extension TextUnit: ExpressibleByArgument {}
extension Normalization: ExpressibleByArgument {}
extension InvalidPolicy: ExpressibleByArgument {}
extension Fallback: ExpressibleByArgument {}
extension Evaluation.EvaluationProtocol: ExpressibleByArgument {}
extension Tokenizer.UnknownPolicy: ExpressibleByArgument {}
