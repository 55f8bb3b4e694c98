import RecurrentNN

@testable import CharLM
@testable import CharLMData
@testable import CharLMFiles
@testable import CharLMText

// Files of tensors and of tokens.

extension FuzzTarget {
  /// What is read is written again, and read as the same.
  static let safetensors = FuzzTarget(
    name: "safetensors",
    read: { input in
      let read = try Safetensors(parsing: input, source: "input")
      let path = try Scratch.file("written.safetensors", [])
      try read.write(to: path)
      let again = try Safetensors.read(path: path)
      require(again.metadata == read.metadata, "other metadata")
      let (before, after) = (byName(read), byName(again))
      require(before.map(\.name) == after.map(\.name), "other tensors")
      require(before.map(\.shape) == after.map(\.shape), "other shapes")
      require(before.map(\.values.count) == after.map(\.values.count), "other values")
    })

  /// The writer has an order of its own.
  private static func byName(_ content: Safetensors) -> [Safetensors.Tensor] {
    content.tensors.sorted { $0.name < $1.name }
  }

  /// A module's tensors, as PyTorch's users have them, become a model that samples and is written.
  static let stateDict = FuzzTarget(
    name: "state-dict",
    read: { input in
      let file = try StateDict(path: try Scratch.file("dict.safetensors", input))
      for nonlinearity in [nil, Nonlinearity.tanh] {
        for rowCount in Set(file.content.tensors.compactMap(\.shape.first)).filter({ 1...300 ~= $0 }).sorted() {
          let tokens = (0..<rowCount).compactMap { Unicode.Scalar(0x61 + $0).map { Token(String($0)) } }
          let tokenizer = Tokenizer(vocabulary: try Vocabulary(tokens: tokens), settings: TextSettings())
          guard let model = try? file.model(nonlinearity: nonlinearity, tokenizer: tokenizer) else { continue }
          try use(model)
        }
      }
      _ = try file.model(
        nonlinearity: nil,
        tokenizer: Tokenizer(vocabulary: try Vocabulary(tokens: [Token("a")]), settings: TextSettings()))
    })

  /// Tokens are read, and are those of the file's vocabulary.
  static let tokens = FuzzTarget(
    name: "tokens",
    read: { input in
      let file = try TokenFile(try Scratch.file("input.tokens", input))
      let vocabulary = file.description.vocabulary
      require(file.tokenCount <= input.count, "\(file.tokenCount) tokens in \(input.count) bytes")
      let corpus = Corpus(file, record: file.description.corpus)
      for text in [corpus.train, corpus.validation?.tokens].compactMap(\.self) {
        for id in try text.tokens() { require(Int(id) < vocabulary.count, "token \(id) of \(vocabulary.count)") }
      }
      try file.verify()
    })

  /// What is decompressed comes in pieces of the size that was asked for, and without end it is not kept.
  static let compressed = FuzzTarget(
    name: "compressed",
    read: { input in
      let reader = try ContentReader(InputFile(input, path: "input"))
      var total = 0
      while total < 1 << 24 {
        let piece = try reader.next(upTo: 1 << 16)
        require(piece.count < (1 << 16) + (1 << 18), "a piece of \(piece.count) bytes")
        if piece.isEmpty { break }
        total += piece.count
      }
    })
}
