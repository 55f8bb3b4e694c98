import ArgumentParser
import CharLMText

/// How files become text.
struct DecodingOptions: ParsableArguments, DeclaredOptions {
  @Option(
    help: ArgumentHelp(
      "The encoding of the files, by any name that ICU knows (default: auto, detected for each file).",
      valueName: "name"))
  var encoding: String?

  @Option(
    help: ArgumentHelp(
      "What to do with bytes that are invalid in the encoding; byte keeps them as they are (default: error).",
      valueName: "policy"))
  var invalid: InvalidPolicy?

  static let declarations: [Declaration<Self>] = [
    Declaration("--encoding", \.encoding), Declaration("--invalid", \.invalid),
  ]

  func validate() throws {
    guard let encoding, encoding.lowercased() != "auto" else { return }
    do throws(TextError) {
      _ = try Encoding.canonicalName(of: encoding)
    } catch {
      throw ValidationError("--encoding: \(error)")
    }
  }

  /// The encoding by its usual name; nil where it is to be detected.
  var usualEncoding: String? {
    guard let encoding, encoding.lowercased() != "auto" else { return nil }
    return try? Encoding.canonicalName(of: encoding)
  }
}
