import ArgumentParser
import CharLMData
import CharLMText

/// How files become text.
struct DecodingOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "The encoding of the files, by any name that ICU knows (default: auto, found for each).", valueName: "name"))
  var encoding: String?

  @Option(
    help: ArgumentHelp(
      "What becomes of bytes that are not valid in it; byte keeps them as they are (default: error).",
      valueName: "policy"))
  var invalid: InvalidPolicy?

  func validate() throws {
    guard let encoding, encoding.lowercased() != "auto" else { return }
    do throws(TextError) {
      _ = try Encoding.canonicalName(of: encoding)
    } catch {
      throw ValidationError("--encoding: \(error)")
    }
  }

  /// The encoding by its usual name; nil where it is to be found.
  var usualEncoding: String? {
    guard let encoding, encoding.lowercased() != "auto" else { return nil }
    return try? Encoding.canonicalName(of: encoding)
  }

  /// The options that were given, as they are written.
  var given: [String] { given(("--encoding", encoding != nil), ("--invalid", invalid != nil)) }
}

/// How the corpus becomes tokens, and what is kept for validation.
struct TextOptions: ParsableArguments {
  @OptionGroup
  var vocabulary: VocabularyOptions

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("The part at the end that is kept for validation (default: 0.1).", valueName: "fraction"))
  var validation: Double?

  @Option(parsing: .unconditional, help: ArgumentHelp("A file to validate on instead.", valueName: "file"))
  var validationFile: String?

  func validate() throws {
    try Limits.check(validation, 0...0.9, "--validation")
    try Limits.exclude([("--validation", validation != nil), ("--validation-file", validationFile != nil)])
  }

  /// The part or the file to validate on.
  var validationPart: Corpus.Validation {
    validationFile.map { .file($0) } ?? .fraction(validation ?? 0.1)
  }

  /// The options that were given, as they are written.
  var given: [String] {
    vocabulary.given
      + given(("--validation", validation != nil), ("--validation-file", validationFile != nil))
  }
}

/// A text in which `\n`, `\r`, `\t` and `\\` stand for what they mean in a program.
struct EscapedText: Equatable {
  /// The text that is meant, not empty.
  let text: String

  private static let meanings: [Character: Character] = ["n": "\n", "r": "\r", "t": "\t", "\\": "\\"]

  /// Reads what was written.
  /// - Throws: `ValidationError` for an empty text, and for a backslash before anything else.
  init(escaped argument: String) throws {
    if argument.isEmpty { throw ValidationError("it is empty") }
    let unknown = ValidationError("a backslash stands before n, r, t or another backslash")
    var text = ""
    var isEscaped = false
    for character in argument {
      if isEscaped {
        guard let meaning = EscapedText.meanings[character] else { throw unknown }
        text.append(meaning)
        isEscaped = false
      } else if character == "\\" {
        isEscaped = true
      } else {
        text.append(character)
      }
    }
    if isEscaped { throw unknown }
    self.text = text
  }

  /// A text as it may be written.
  static func escaped(_ text: String) -> String {
    text.unicodeScalars.map { scalar in
      switch scalar {
      case "\n": "\\n"
      case "\r": "\\r"
      case "\t": "\\t"
      case "\\": "\\\\"
      default: String(scalar)
      }
    }.joined()
  }
}
