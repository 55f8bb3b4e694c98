@testable import CharLM
@testable import CharLMData
@testable import CharLMFiles
@testable import CharLMText

// Text: its encodings, its tokens, vocabularies and pairs.

/// Numbers from an input's first bytes, which choose among settings; the rest is the text.
private struct Choices {
  private(set) var rest: ArraySlice<UInt8>
  init(_ input: [UInt8]) { rest = input[...] }
  mutating func below(_ count: Int) -> Int { Int(rest.popFirst() ?? 0) % count }
  mutating func of<Choice: CaseIterable>(_: Choice.Type) -> Choice {
    let all = Array(Choice.allCases)
    return all[below(all.count)]
  }
}

extension FuzzTarget {
  private static let encodings = Set(Encoding.allNames.compactMap { try? Encoding.canonicalName(of: $0[0]) }).sorted()

  /// Every encoding, every policy: what comes out is UTF-8, and does not depend on where reads are cut; what the detection
  /// is certain of can be decoded.
  static let text = FuzzTarget(
    name: "text",
    read: { input in
      var choices = Choices(input)
      let number = choices.below(256) << 1 | choices.below(2)
      let partSize = [1, 3, 64][choices.below(3)]
      var settings = TextSettings(
        normalization: choices.of(Normalization.self), encoding: (["auto"] + encodings)[number % (encodings.count + 1)],
        invalid: choices.of(InvalidPolicy.self))
      let text = Array(choices.rest)
      _ = try? EncodingDetection(sample: text, isWhole: true, source: "input")
      let cut = Result { try decoded(text, settings, partSize: partSize) }
      switch cut {
      case .success(let found):
        let whole = try decoded(text, settings, partSize: max(text.count, 1))
        require(found == whole, "cut every \(partSize) bytes \(found), whole \(whole)")
        let isUTF8 = String(validating: found, as: UTF8.self) != nil
        require(isUTF8 || settings.invalid == .byte, "ill-formed: \(found)")
      case .failure(let error):
        require(
          (try? decoded(text, settings, partSize: max(text.count, 1))) == nil, "refused only where it is cut: \(error)")
        settings.invalid = .replace
        _ = try decoded(text, settings, partSize: partSize)
      }
    })

  private static func decoded(_ text: [UInt8], _ settings: TextSettings, partSize: Int) throws -> [UInt8] {
    var reader = try TextReader(settings: settings, source: "input")
    var rest = text[...]
    var utf8: [UInt8] = []
    while let piece = try reader.next({
      defer { rest = rest.dropFirst(partSize) }
      return Array(rest.prefix(partSize))
    }) {
      utf8 += piece.normalized
    }
    return utf8
  }

  /// decode(encode(text)) is the text, however it is cut and spelled; so is what is decoded as it comes.
  static let tokenizer = FuzzTarget(
    name: "tokenizer",
    read: { input in
      var choices = Choices(input)
      let settings = TextSettings(
        unit: choices.of(TextUnit.self), normalization: choices.of(Normalization.self),
        fallback: choices.of(Fallback.self), minimumCount: choices.below(4),
        vocabularySize: [nil, 300, 20][choices.below(3)])
      let policy = choices.of(Tokenizer.UnknownPolicy.self)
      let utf8 = Array(String(decoding: choices.rest, as: UTF8.self).utf8)
      let normalized = settings.normalization.normalized(utf8)
      require(settings.normalization.normalized(normalized) == normalized, "normalizing twice changes a text")
      var builder = VocabularyBuilder(settings: settings)
      builder.count(normalized.span)
      let tokenizer = Tokenizer(vocabulary: try builder.vocabulary(), settings: settings)
      let encoded = try tokenizer.measuredEncoding(of: utf8, source: "input", onUnknown: policy)
      let tokens = Array(encoded.tokens)
      require(encoded.extent.byteCount <= utf8.count, "\(encoded.extent.byteCount) of \(utf8.count) bytes")
      if encoded.unknownCount == 0 {
        require(tokenizer.decode(tokens) == normalized, "decoded is another text")
        require(encoded.extent.byteCount == utf8.count, "bytes are missing")
      }
      var decoder = StreamingDecoder(vocabulary: tokenizer.vocabulary)
      let streamed = tokens.map { decoder.append($0) }.joined() + decoder.finish()
      let decoded = String(decoding: tokenizer.decode(tokens), as: UTF8.self)
      require(Array(streamed.utf8) == Array(decoded.utf8), "decoded as it comes is another text")
    })

  /// A vocabulary that is accepted is written and read as the same.
  static let vocabulary = FuzzTarget(
    name: "vocabulary",
    read: { input in
      let vocabulary = try VocabularyFile.read(path: try Scratch.file("vocabulary.json", input))
      let path = try Scratch.file("written.json", [])
      try VocabularyFile.write(vocabulary, to: path)
      let again = try VocabularyFile.read(path: path)
      require(again == vocabulary, "another vocabulary")
      let tokenizer = Tokenizer(vocabulary: vocabulary, settings: TextSettings(fallback: .byte))
      _ = try? tokenizer.encode("hello, wörld", source: "text", onUnknown: .nearest)
      for id in 0..<min(vocabulary.count, 300) { _ = vocabulary.bytes(of: TokenID(id)) }
    })

  /// Pairs are aligned in whatever unit.
  static let pairs = FuzzTarget(
    name: "pairs",
    read: { input in
      var choices = Choices(input)
      let settings = TextSettings(
        unit: choices.of(TextUnit.self), normalization: choices.of(Normalization.self), encoding: "auto",
        invalid: choices.of(InvalidPolicy.self))
      let path = try Scratch.file("input.tsv", Array(choices.rest))
      _ = PairCorpus.looksLikePairs(path: path)
      let corpus = try PairCorpus(path: path, settings: settings)
      for pair in corpus.train + corpus.validation {
        require(pair.input.count == pair.output.count, "\(pair.input.count) tokens and \(pair.output.count)")
      }
    })
}
