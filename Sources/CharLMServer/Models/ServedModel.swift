import CharLM

/// A model that a server offers.
public struct ServedModel: Sendable {
  /// What requests call it.
  public let name: String
  /// The model.
  public let model: LanguageModel
  let fileBytes: Int
  let isVerified: Bool

  /// - Parameters:
  ///   - name: of no other model of the server.
  ///   - fileBytes: the size of its file.
  ///   - isVerified: whether its file has a checksum, which is right.
  public init(name: String, model: LanguageModel, fileBytes: Int = 0, isVerified: Bool = true) {
    (self.name, self.model, self.fileBytes, self.isVerified) = (name, model, fileBytes, isVerified)
  }
}
