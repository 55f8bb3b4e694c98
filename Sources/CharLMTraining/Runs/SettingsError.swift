import CharLM
import RecurrentNN

/// Why requested settings cannot be used.
public enum SettingsError: Error, Equatable, Sendable {
  /// The batch times the length of a chunk exceeds the training text.
  case batchTooLarge(batch: Int, bptt: Int, tokenCount: Int)
  /// A tied decoder needs an embedding as wide as the hidden layer.
  case tiedSizes(embedding: Int, hidden: Int)
  /// A setting is out of its range.
  case outOfRange(OutOfRange)
  /// A language model cannot read ahead.
  case bidirectionalLanguageModel
  /// The run needs more memory than this process may use, in bytes.
  case memory(needed: Int, available: Int)
  /// This CPU does not support the requested precision.
  case unavailable(Precision)
  /// Each of several ranks needs a row of the batch.
  case tooManyRanks(count: Int, batch: Int)
}

extension SettingsError: CustomStringConvertible {
  /// One line: which values do not fit what.
  public var description: String {
    switch self {
    case .batchTooLarge(let batch, let bptt, let tokenCount):
      "\(batch) streams of \(bptt) tokens (batch, bptt) need \(batch * bptt + 1) training tokens, but the corpus has "
        + "\(tokenCount)"
    case .tiedSizes(let embedding, let hidden):
      "a tied decoder needs an embedding as wide as the hidden layer, not \(embedding) and \(hidden)"
    case .outOfRange(let error): error.description
    case .bidirectionalLanguageModel: "a language model cannot be bidirectional, only a transducer"
    case .memory(let needed, let available):
      "this run needs at least \(SettingsError.size(needed)) of memory, but there is \(SettingsError.size(available))"
    case .tooManyRanks(let count, let batch):
      "\(count) ranks cannot share a batch of \(batch) rows; each needs one at least"
    case .unavailable(let precision): TrainingError.unavailable(precision).description
    }
  }

  private static func size(_ count: Int) -> String {
    count < 1 << 30 ? "\(count >> 20) MB" : "\((Double(count) / 0x1p30 * 10).rounded() / 10) GB"
  }
}
