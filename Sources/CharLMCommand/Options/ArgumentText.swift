import ArgumentParser
import CharLM
import CharLMText
import CharLMTraining
import RecurrentNN

/// A value of an option that can be written back as the word that it was read from, or as an equal one.
protocol ArgumentText {
  /// The word, before it is quoted for a shell.
  var argumentText: String { get }
}

extension ArgumentText {
  var argumentText: String { "\(self)" }
}

extension ArgumentText where Self: RawRepresentable, RawValue == String {
  var argumentText: String { rawValue }
}

extension Int: ArgumentText {}
extension UInt64: ArgumentText {}
extension Float: ArgumentText {}
extension Double: ArgumentText {}
extension Bool: ArgumentText {}
extension String: ArgumentText {}

// The choices of the libraries, by the names that their checkpoints have.
extension CellKind: ExpressibleByArgument, ArgumentText {}
extension Precision: ExpressibleByArgument, ArgumentText {}
extension StreamPrecision: ExpressibleByArgument, ArgumentText {}
extension Nonlinearity: ExpressibleByArgument, ArgumentText {}
extension OptimizerKind: ExpressibleByArgument, ArgumentText {}
extension LearningRateSchedule.Kind: ExpressibleByArgument, ArgumentText {}
extension TextUnit: ExpressibleByArgument, ArgumentText {}
extension Normalization: ExpressibleByArgument, ArgumentText {}
extension InvalidPolicy: ExpressibleByArgument, ArgumentText {}
extension Fallback: ExpressibleByArgument, ArgumentText {}
extension Evaluation.EvaluationProtocol: ExpressibleByArgument {}
extension Tokenizer.UnknownPolicy: ExpressibleByArgument {}
