import CharLM
import CharLMData

/// Why a network cannot learn from other models.
public enum DistillationError: Error, Equatable, Sendable, CustomStringConvertible {
  /// Two teachers differ in what text becomes.
  case mismatch(ModelMismatch)
  /// The training text has tokens that a teacher lacks, or other numbers for them.
  case vocabulary(teacher: String)
  /// More tokens than are told apart.
  case vocabularySize(found: Int, limit: Int)
  /// A transducer learns from its pairs alone.
  case pairs
  /// The predictions for all tokens need more memory than there is, in bytes.
  case memory(tokens: Int, needed: Int, available: Int)
  /// Somewhere in the text the teachers' prediction is not finite.
  case notFinite(teachers: [String])
  /// The tokens of the training text can no longer be read.
  case tokens(TokenFileError)
  /// The teacher of a run that is to go on cannot be read.
  case unreadable(CheckpointError)
  /// In the place of the teacher of a run that is to go on is another model, or none of a language.
  case otherModel(path: String)

  /// One line: what does not fit what.
  public var description: String {
    switch self {
    case .mismatch(let error): error.description
    case .vocabulary(let teacher): "the vocabulary is not that of the teacher \(teacher)"
    case .vocabularySize(let found, let limit):
      "the vocabulary has \(found) tokens, and a network learns from others only with at most \(limit)"
    case .pairs: "a transducer cannot learn from other models"
    case .memory(let tokens, let needed, let available):
      "the teachers' predictions for \(tokens) tokens need \(needed >> 20) MB of memory, but there are "
        + "\(available >> 20) MB"
    case .notFinite(let teachers):
      "the prediction of \(teachers.joined(separator: ", ")) in this text is not finite"
    case .tokens(let error): error.description
    case .unreadable(let error): "the teacher cannot be read: \(error)"
    case .otherModel(let path): "\(path) is not the teacher that the run began with"
    }
  }
}
