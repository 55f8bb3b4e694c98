import CharLMFiles
import CharLMText
import RecurrentNN

extension LanguageModel {
  /// The SHA-256 of all that its predictions depend on: network, vocabulary and parameters, but not its name, history or
  /// file. 32 bytes.
  /// - Complexity: O(parameters).
  public var identity: [UInt8] {
    var digest = SHA256Digest()
    let settings = snapshot.settings
    var writer = BytesWriter()
    for text in [settings.cell.rawValue, settings.nonlinearity.rawValue, tokenizer.settings.unit.rawValue] {
      writer.append(short: text)
    }
    let separator = Array((documentSeparator ?? "").utf8)
    writer.append(variable: separator.count)
    writer.append(separator)
    for id in 0..<tokenizer.vocabulary.count {
      switch tokenizer.vocabulary[TokenID(id)] {
      case .text(let bytes):
        writer.append(variable: bytes.count)
        writer.append(bytes)
      case .special(let special):
        writer.append(variable: 0)
        writer.append(short: special.rawValue)
      }
    }
    digest.update(writer.bytes)
    for layout in snapshot.parameters {
      var description = BytesWriter()
      description.append(short: layout.name)
      for size in layout.shape { description.append(variable: size) }
      digest.update(description.bytes)
      snapshot.parameterStore.flat[layout.range].withSpan { values in
        // Safe: floats without padding.
        unsafe digest.update(values.bytes)
      }
    }
    return digest.bytes
  }
}
