import CharLMData
import RecurrentNN

@testable import CharLM
@testable import CharLMText

extension FuzzTarget {
  /// Compressed text: whole, and each part as if its checksum were right.
  static let compressedText = FuzzTarget(
    name: "compressed-text",
    read: { input in
      useParts(input)
      let decompressor = try TextDecompressor(input, source: "input")
      // Larger memory is asked for as promised, but not here.
      guard (decompressor.header.countsSize?.entryCount ?? 0) <= 1 << 16 else { return }
      try decompressor.begin(
        with: decompressor.header.model == nil ? nil : smallModel,
        dictionary: CompressionDictionary(Array("the sea".utf8), name: "sea"))
      var count = 0
      while let text = try decompressor.next(), count < 1 << 16 { count += text.count }
    })

  /// A header's body, an alphabet, and what a block holds, in every way in which it can be decoded.
  private static func useParts(_ input: [UInt8]) {
    if let header = CompressedTextHeader(body: input[...]) {
      let body = header.encoded.dropFirst(CompressedTextHeader.startSize)
      require(CompressedTextHeader(body: body) == header, "another header")
    }
    if let alphabet = TextAlphabet(encoded: input) {
      require(TextAlphabet(encoded: alphabet.encoded) == alphabet, "another alphabet")
      require(alphabet.tokens(of: input).flatMap { alphabet.tokens[Int($0)] } == input, "another text")
    }
    let textCount = 512
    guard let content = BlockContent(input, textCount: textCount) else { return }
    let size = ContextMixerSize(tokenCount: 1)
    let coders: [any BlockCoder] = [
      CountsBlockCoder(TextAlphabet(of: Array("the sea".utf8)), size), ParallelBlockCoder(smallModel, StreamOptions()),
      StreamBlockCoder(
        TokenSpelling(smallModel),
        PredictorCoder(
          smallModel.makeStream(), vocabularyCount: smallModel.tokenizer.vocabulary.count, after: smallModel.startToken)
      ),
    ]
    for coder in coders {
      guard let text = coder.decode(content, textCount: textCount) else { continue }
      require(text.count <= textCount, "\(text.count) bytes of text, at most \(textCount) were allowed")
    }
  }

  /// A model of random weights.
  private static let smallModel: LanguageModel = {
    do {
      let tokens = [Token.special(.document)] + "abcdehst \n".map { Token(String($0)) }
      let tokenizer = Tokenizer(vocabulary: try Vocabulary(tokens: tokens), settings: TextSettings())
      let settings = NetworkSettings(cell: .gru, layers: 1, hidden: 4, embedding: 3)
      let parameters = NetworkWeights.initialStore(
        settings, inputVocabulary: tokens.count, outputVocabulary: tokens.count, seed: 1)
      let training = TrainingSettings(
        batch: 1, bptt: 1, length: .steps(1), schedule: LearningRateSchedule(peak: 0.1), validationInterval: 1)
      let snapshot = ModelSnapshot(
        kind: .language, created: "", settings: settings, tokenizer: tokenizer, outputTokenizer: tokenizer,
        training: TrainingRecord(settings: training, corpus: CorpusRecord()), parameters: parameters)
      guard let model = LanguageModel(snapshot) else { fatalError("no language model") }
      return model
    } catch {
      fatalError("\(error)")
    }
  }()
}
