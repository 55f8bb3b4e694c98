/// What a network learns beside its text: the predictions of models that were trained before (Hinton, Vinyals and Dean
/// 2015).
///
/// A token's loss is −(1 − w) log p − w Σ q log p: p by the network, q the mean of the teachers' probabilities. They are
/// known for the likeliest tokens; all others count as one outcome, and which of them comes is learned from the text.
public struct Distillation: Codable, Hashable, Sendable {
  /// A model that is learned from.
  public struct Teacher: Codable, Hashable, Sendable {
    /// Its file.
    public var path: String
    /// `LanguageModel.identity`, in hexadecimal digits: a resumed run takes no other model.
    public var identity: String

    /// A teacher.
    public init(path: String, identity: String) {
      self.path = path
      self.identity = identity
    }
  }

  /// The models, at least one.
  public var teachers: [Teacher]
  /// w: how much of the loss is the teachers', the rest being that of the text; 0 to 1.
  public var weight: Float

  /// The weight that is taken where none is given.
  public static let usualWeight: Float = 0.5

  /// Learning from models.
  public init(teachers: [Teacher], weight: Float = Distillation.usualWeight) {
    self.teachers = teachers
    self.weight = weight
  }
}
