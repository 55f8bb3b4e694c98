import CharLMFiles

/// Why a compressed text was not decompressed. `source` is what it was called, `offset` a byte of it.
public enum CompressedTextError: Error, Equatable, Sendable {
  /// It could not be read.
  case file(FileError)
  /// It does not begin as compressed text does.
  case notCompressedText(source: String)
  /// Another version of charlm made it.
  case otherFormat(source: String, version: Int)
  /// It ends before it should.
  case truncated(source: String, offset: Int)
  /// What begins at `offset` is not what was written; the text before `textOffset` is sound.
  case damaged(source: String, offset: Int, textOffset: Int)
  /// Something follows its end.
  case trailingBytes(source: String, offset: Int)
  /// It was compressed with a model, and none was given.
  case noModel(source: String, CompressedTextHeader.Requirement)
  /// It was compressed with another model than the one that was given.
  case otherModel(source: String, CompressedTextHeader.Requirement)
  /// It was compressed with a dictionary, and none was given.
  case noDictionary(source: String, CompressedTextHeader.Requirement)
  /// It was compressed with another dictionary than the one that was given.
  case otherDictionary(source: String, CompressedTextHeader.Requirement)
  /// It was compressed with arithmetic that is not this machine's.
  case otherArithmetic(source: String, needed: String, present: String)
  /// The block is sound, but became another text than the one that was compressed: arithmetic differs after all.
  case otherText(source: String, offset: Int, textOffset: Int)
}

extension CompressedTextError: CustomStringConvertible {
  /// One line: which file, where, and what is wrong with it.
  public var description: String {
    switch self {
    case .file(let error): error.description
    case .notCompressedText(let source): "\(source): is not text that 'charlm compress' made"
    case .otherFormat(let source, let version):
      "\(source): has format \(version), but this version of charlm reads format \(CompressedTextHeader.version)"
    case .truncated(let source, let offset): "\(source): ends too early, at byte \(offset)"
    case .damaged(let source, let offset, let textOffset):
      "\(source): damaged at byte \(offset) or soon after; the text before its byte \(textOffset) is sound"
    case .trailingBytes(let source, let offset): "\(source): something follows its end at byte \(offset)"
    case .noModel(let source, let model): "\(source): was compressed with the model \(model.description)"
    case .otherModel(let source, let model):
      "\(source): was compressed with another model than this one: \(model.description)"
    case .noDictionary(let source, let dictionary):
      "\(source): was compressed with the dictionary \(dictionary.description)"
    case .otherDictionary(let source, let dictionary):
      "\(source): was compressed with another dictionary than this one: \(dictionary.description)"
    case .otherArithmetic(let source, let needed, let present):
      "\(source): was compressed with the arithmetic '\(needed)', but this machine computes in '\(present)'"
    case .otherText(let source, let offset, let textOffset):
      "\(source): the block at byte \(offset) is sound, but this machine decodes it differently, from byte "
        + "\(textOffset) of the text on"
    }
  }
}

extension CompressedTextHeader.Requirement {
  /// "'shakespeare' (5d41402abc4b2a76…)".
  var description: String { "'\(name)' (\(hexadecimal.prefix(16))…)" }

  /// The identity as 64 hexadecimal digits.
  public var hexadecimal: String { SHA256Digest.hexadecimal(of: identity) }
}
