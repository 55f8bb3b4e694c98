import ArgumentParser
import CharLM
import CharLMFiles

/// `--dictionary`.
struct DictionaryOption: ParsableArguments {
  @Option(
    name: [.customLong("dictionary"), .customShort("D")], parsing: .unconditional,
    help: ArgumentHelp(
      "A text that counts read first, such as the model's corpus; compressing and decompressing need the same.",
      valueName: "file"))
  var path: String?

  func validate() throws {
    if path == "-" { throw ValidationError("--dictionary needs the path of a file; name one") }
  }

  /// Reads it; nil where none is given.
  func read(_ console: Console) throws -> CompressionDictionary? {
    guard let path else { return nil }
    let bytes = try Files.read(path, limit: CompressionDictionary.largestByteCount)
    console.say("dictionary: \(path), \(Quantity.bytes(bytes.count)) to read first")
    return CompressionDictionary(bytes, name: Files.name(of: path))
  }
}
