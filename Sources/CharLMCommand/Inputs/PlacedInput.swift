import CharLM
import CharLMData
import CharLMText

/// A text that is shown with what a model makes of it.
struct PlacedInput {
  private let path: String
  private let decoding: DecodingOptions
  private let onUnknown: UnknownText
  private let console: Console

  init(_ path: String, _ decoding: DecodingOptions, _ onUnknown: UnknownText, _ console: Console) {
    (self.path, self.decoding, self.onUnknown, self.console) = (path, decoding, onUnknown, console)
  }

  /// Reads it, and then names the models that the user did not.
  func text(for model: some Predictor, _ found: [ModelLookup.Found]) throws -> PlacedText {
    let reading = CorpusDisplay(console)
    defer { reading.finish() }
    let text: PlacedText
    do throws(CorpusError) {
      text = try PlacedText(
        path: path, tokenizer: model.tokenizer, encoding: decoding.usualEncoding, invalid: decoding.invalid,
        documentSeparator: model.documentSeparator, onUnknown: onUnknown == .skip ? .skip : .error,
        observe: reading.show)
    } catch {
      guard case .text(.unknownToken) = error else { throw error }
      throw CommandFailure(error.description, next: "give --on-unknown skip to leave them out")
    }
    reading.finish()
    for found in found { found.announce(console) }
    for note in reading.notes { console.say(note.text) }
    return text
  }
}
