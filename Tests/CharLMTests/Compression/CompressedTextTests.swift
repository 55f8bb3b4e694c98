import CharLMText
import Foundation
import RecurrentNN
import Testing

@testable import CharLM

@Suite("Compressed text") struct CompressedTextTests {
  static let ways = ["counts", "int8", "float32", "bf16", "mix", "dynamic", "both"]

  private func method(_ way: String, threads: Int = 1) throws -> CompressionMethod {
    if way == "counts" { return CompressionMethod() }
    var method = CompressionMethod(try TestModel.language(.lstm), name: "test")
    method.usesCounts = ["mix", "both"].contains(way)
    method.isDynamic = ["dynamic", "both"].contains(way)
    method.precision = StreamPrecision(rawValue: way) ?? (method.isDynamic ? .float32 : .int8)
    method.threadCount = threads
    return method
  }

  @Test(
    "a name of more than 255 bytes is cut between characters, and read again",
    arguments: [
      ("", 0), ("name", 4), (String(repeating: "a", count: 300), 255), (String(repeating: "語", count: 90), 255),
      ("a" + String(repeating: "語", count: 90), 253), (String(repeating: "🎈", count: 64), 252),
    ])
  func shortTexts(_ text: String, _ byteCount: Int) throws {
    var writer = BytesWriter()
    writer.append(short: text)
    #expect(writer.bytes.count == byteCount + 1)
    var reader = BytesReader(writer.bytes[...])
    let short = reader.short()
    let read = try #require(short)
    #expect(read.utf8.count == byteCount && text.hasPrefix(read) && reader.isAtEnd)
  }

  private func compressed(_ bytes: [UInt8], _ method: CompressionMethod, piece: Int = .max) -> [UInt8] {
    let compressor = TextCompressor(method, expectedByteCount: bytes.count)
    var result: [UInt8] = []
    var rest = bytes[...]
    while !rest.isEmpty {
      result += compressor.append(Array(rest.prefix(piece)))
      rest = rest.dropFirst(piece)
    }
    return result + compressor.finish()
  }

  private func decompressed(
    _ bytes: [UInt8], _ model: LanguageModel?, _ dictionary: CompressionDictionary? = nil, threads: Int = 1
  ) throws(CompressedTextError) -> [UInt8] {
    let decompressor = try TextDecompressor(bytes, source: "t.charlm")
    try decompressor.begin(with: model, dictionary: dictionary, threadCount: threads)
    var text: [UInt8] = []
    while let part = try decompressor.next() { text += part }
    return text
  }

  /// What anybody might compress.
  static let inputs: [(name: String, bytes: [UInt8])] = {
    var random = SeededGenerator(seed: 77)
    let noise = (0..<1200).map { _ in UInt8.random(in: 0...255, using: &random) }
    let letters = (0..<3000).map { _ in UInt8(ascii: "a") + UInt8.random(in: 0..<18, using: &random) }
    let words = String(repeating: "The sea is deep; die See ist tief — море глубоко, 海は深い。\n", count: 16)
    return [
      ("nothing", []), ("a byte", [0x61]), ("a NUL", [0]), ("NULs", [UInt8](repeating: 0, count: 800)),
      ("noise", noise),
      ("letters, some unknown", letters), ("text", Array(words.utf8)),
      ("text cut in a character", Array(words.utf8.dropFirst(37).dropLast(2))),
      ("UTF-16", words.utf16.flatMap { [UInt8($0 & 255), UInt8($0 >> 8)] }),
      ("surrogates and overlong forms", [0xED, 0xA0, 0x80, 0xC0, 0x80, 0xF4, 0x90, 0x80, 0x80, 0x61, 0xE2, 0x82]),
      ("every byte", (0..<512).map { UInt8($0 & 255) }),
    ]
  }()

  @Test("any bytes come back", arguments: inputs.indices, ways)
  func roundTrip(_ index: Int, _ way: String) throws {
    let (name, bytes) = Self.inputs[index]
    let method = try method(way)
    let compressed = compressed(bytes, method, piece: 1000)
    #expect(try decompressed(compressed, method.model) == bytes, "\(name)")
    #expect(compressed.count < bytes.count + bytes.count / 8 + 400, "\(name): \(compressed.count) bytes")
  }

  @Test("a text is read after a dictionary, in fewer bytes where that is like it", arguments: ways)
  func dictionary(_ way: String) throws {
    let line = "The sea is deep; die See ist tief — море глубоко, 海は深い。\n"
    let dictionary = CompressionDictionary(Array(String(repeating: line, count: 4).utf8), name: "sea")
    var method = try method(way)
    method.dictionary = dictionary
    for (name, bytes) in Self.inputs {
      let compressed = compressed(bytes, method, piece: 1000)
      #expect(try decompressed(compressed, method.model, dictionary) == bytes, "\(name)")
      guard method.hasCounts else {
        // What has no counts has no use for it.
        #expect(try TextDecompressor(compressed, source: "t.charlm").header.dictionary == nil)
        continue
      }
      let needed = CompressedTextHeader.Requirement(identity: dictionary.identity, name: "sea")
      #expect(throws: CompressedTextError.noDictionary(source: "t.charlm", needed)) {
        try decompressed(compressed, method.model)
      }
      let other = CompressionDictionary(dictionary.bytes + [0x61], name: "sea")
      #expect(throws: CompressedTextError.otherDictionary(source: "t.charlm", needed)) {
        try decompressed(compressed, method.model, other)
      }
    }
    guard method.hasCounts else { return }
    // Letters that the model knows, of which the text repeats some.
    var random = SeededGenerator(seed: 6)
    let letters = (0..<400).map { _ in UInt8(ascii: "a") + UInt8.random(in: 0..<16, using: &random) }
    method.dictionary = CompressionDictionary(letters, name: "letters")
    let alone = compressed(Array(letters[50..<350]), try self.method(way))
    let after = compressed(Array(letters[50..<350]), method)
    #expect(after.count < alone.count - 15, "\(after.count) and \(alone.count)")
  }

  @Test("a header cannot ask for a dictionary without counts")
  func uselessDictionary() throws {
    let needed = CompressedTextHeader.Requirement(identity: [UInt8](repeating: 1, count: 32), name: "d")
    let size = ContextMixerSize(tokenCount: 1)
    for (counts, rates, isRead) in [
      (nil, nil, false), (size, nil, true), (nil, DynamicRates(learningRate: 1e-3, decay: 0), false),
    ] as [(ContextMixerSize?, DynamicRates?, Bool)] {
      let header = CompressedTextHeader(
        arithmetic: "exact int8", model: needed, dictionary: needed, countsSize: counts, alphabet: nil, rates: rates)
      let body = header.encoded.dropFirst(CompressedTextHeader.startSize)
      #expect(CompressedTextHeader(body: body) == (isRead ? header : nil))
    }
  }

  @Test("threads and the pieces that a text comes in change no byte", arguments: ways)
  func threads(_ way: String) throws {
    let bytes = Self.inputs[5].bytes
    let (one, three) = (try method(way), try method(way, threads: 3))
    let compressed = compressed(bytes, one)
    #expect(self.compressed(bytes, three, piece: 77) == compressed)
    #expect(try decompressed(compressed, one.model, threads: 3) == bytes)
  }

  @Test(
    "a block is as large as the bits of its tokens, within a thousandth",
    arguments: ["int8", "float32", "bf16", "mix", "dynamic"])
  func size(_ way: String) throws {
    var random = SeededGenerator(seed: 4)
    let text = (0..<6000).map { _ in UInt8(ascii: "a") + UInt8.random(in: 0..<16, using: &random) }
    let method = try method(way)
    let model = try #require(method.model)
    let tokens = TokenSpelling(model).encoding(of: text).tokens
    try #require(tokens.count == text.count)
    var bits = 0.0
    let rates = DynamicRates(learningRate: 1e-3, decay: 0.002)
    func add(_ stream: some PredictorStream) {
      var stream = stream
      stream.read(model.startToken)
      for token in tokens {
        bits -= Double(stream.logProbabilities[Int(token)]) / log(2)
        stream.read(token)
      }
    }
    let options = StreamOptions(precision: method.precision)
    switch way {
    case "dynamic": add(DynamicStream(model, rates, threadCount: 1, precision: .float32))
    case "mix":
      let counts = AdaptiveCounts(tokenizer: model.tokenizer, expectedCount: text.count)
      var stream = Mixture(model, counts).makeStream(options)
      stream.begin(after: model.startToken)
      for token in tokens {
        bits -= Double(stream.logProbabilities[Int(token)]) / log(2)
        stream.read(token)
      }
    default: add(model.makeStream(options))
    }
    let size = method.usesCounts ? ContextMixerSize(tokenCount: text.count) : nil
    let header = CompressedTextHeader(
      arithmetic: method.arithmetic, model: nil, countsSize: size, alphabet: nil,
      rates: method.isDynamic ? rates : nil)
    let content = method.coder(header).encode(text)
    #expect(content.streams.count == 1 && content.gaps.isEmpty)
    let found = Double(8 * content.streams[0].count)
    #expect(abs(found - bits) < 0.001 * bits + 16, "\(found) bits, not \(bits)")
  }

  @Test("many streams are each what one alone is, and come back", arguments: [1, 2], StreamPrecision.allCases)
  func streams(_ threads: Int, _ precision: StreamPrecision) throws {
    let model = try TestModel.language(.gru)
    var random = SeededGenerator(seed: 8)
    let text = (0..<1003).map { _ in UInt8(ascii: "a") + UInt8.random(in: 0..<16, using: &random) }
    let options = StreamOptions(precision: precision, threadCount: threads)
    let content = ParallelBlockCoder(model, options, tokensOfStream: 200).encode(text)
    #expect(content.streams.count == 5)
    for number in 0..<5 {
      let part = Array(text[BlockContent.range(number, of: 5, tokenCount: 1003)])
      #expect(
        ParallelBlockCoder(model, StreamOptions(precision: precision)).encode(part).streams == [content.streams[number]]
      )
    }
    let again = try #require(BlockContent(content.encoded, textCount: text.count))
    #expect(ParallelBlockCoder(model, options).decode(again, textCount: text.count) == text)
  }

  @Test("streams on threads of their own are what they are on one", arguments: [2, 3, 16])
  func parts(_ threads: Int) throws {
    let model = try TestModel.language(.lstm)
    var random = SeededGenerator(seed: 9)
    let text = (0..<2000).map { _ in UInt8(ascii: "a") + UInt8.random(in: 0..<16, using: &random) }
    let alone = ParallelBlockCoder(model, StreamOptions(precision: .int8), tokensOfStream: 80)
    let together = ParallelBlockCoder(
      model, StreamOptions(precision: .int8, threadCount: threads), tokensOfStream: 80)
    let content = together.encode(text)
    #expect(content.streams.count == 25 && content.streams == alone.encode(text).streams)
    #expect(together.decode(content, textCount: text.count) == text)
  }

  @Test("documents' separators are tokens of their own")
  func documents() throws {
    let model = try TestModel.language(.lstm)
    let text = Array("abba\nbob\n\nbad\n".utf8)
    let exact = model.tokenizer.exactEncoding(text, separator: [0x0A])
    #expect(exact.gaps.isEmpty && exact.tokens.count { $0 == model.tokenizer.vocabulary.documentID } == 4)
    #expect(model.tokenizer.bytes(of: exact.tokens, gaps: [], separator: [0x0A], limit: 99) == text)
    let gaps = model.tokenizer.exactEncoding(Array("abzzy\nXb".utf8), separator: [])
    #expect(gaps.tokens.count == 3 && gaps.gaps.map(\.place) == [2] && gaps.gaps[0].bytes == Array("zzy\nX".utf8))
    #expect(model.tokenizer.bytes(of: gaps.tokens, gaps: gaps.gaps, separator: [], limit: 8) == Array("abzzy\nXb".utf8))
    #expect(model.tokenizer.bytes(of: gaps.tokens, gaps: gaps.gaps, separator: [], limit: 7) == nil)
  }

  // MARK: Damage

  @Test("a file that was changed at any byte, or cut anywhere, is refused", arguments: ["counts", "int8"])
  func damage(_ way: String) throws {
    let method = try method(way)
    let text = Array("hello, the sea is deep, and deep is the sea".utf8)
    let whole = compressed(text, method)
    for offset in whole.indices {
      for change in [UInt8(1), 0x80, 0xFF] {
        var bytes = whole
        bytes[offset] ^= change
        #expect(throws: CompressedTextError.self, "byte \(offset) of \(whole.count)") {
          try decompressed(bytes, method.model)
        }
      }
      #expect(throws: CompressedTextError.self, "cut at \(offset)") {
        try decompressed(Array(whole[..<offset]), method.model)
      }
    }
    #expect(throws: CompressedTextError.trailingBytes(source: "t.charlm", offset: whole.count)) {
      try decompressed(whole + [0], method.model)
    }
  }

  @Test("damage is found where it is, and what stands before it is given")
  func place() throws {
    let text = (0..<3).map { [UInt8](repeating: UInt8(ascii: "a") + $0, count: 300) }
    let alphabet = TextAlphabet(of: text.flatMap(\.self))
    let size = ContextMixerSize(tokenCount: 1)
    let header = CompressedTextHeader(
      arithmetic: CompressionMethod().arithmetic, model: nil, countsSize: size, alphabet: alphabet, rates: nil)
    // Smaller blocks than a compressor makes.
    let coder = CountsBlockCoder(alphabet, size)
    var writer = CompressedTextWriter(header)
    var starts = [writer.bytes.count]
    for part in text {
      writer.append(part, coder.encode(part))
      starts.append(writer.bytes.count)
    }
    writer.finish()
    #expect(try decompressed(writer.bytes, nil) == text.flatMap(\.self))
    for (number, start) in starts.dropLast().enumerated() {
      var bytes = writer.bytes
      bytes[start + 20] ^= 4
      let decompressor = try TextDecompressor(bytes, source: "t.charlm")
      try decompressor.begin(with: nil)
      for sound in 0..<number { #expect(try decompressor.next() == text[sound]) }
      #expect(throws: CompressedTextError.damaged(source: "t.charlm", offset: start, textOffset: 300 * number)) {
        try decompressor.next()
      }
    }
    // Blocks that changed places, and one that is missing.
    let parts = zip(starts, starts.dropFirst()).map { Array(writer.bytes[$0..<$1]) }
    let (head, end) = (Array(writer.bytes[..<starts[0]]), Array(writer.bytes[starts[3]...]))
    for order in [[1, 0, 2], [0, 2], [0, 1, 1, 2]] {
      #expect(throws: CompressedTextError.self) { try decompressed(head + order.flatMap { parts[$0] } + end, nil) }
    }
  }

  @Test("another model, no model, and other arithmetic are refused, each by name")
  func needs() throws {
    let method = try method("int8")
    let whole = compressed(Array("abba".utf8), method)
    let other = try TestModel.language(.lstm, seed: 4)
    let needed = try #require(try TextDecompressor(whole, source: "t.charlm").header.model)
    #expect(needed.name == "test" && needed.identity == method.model?.identity)
    #expect(throws: CompressedTextError.noModel(source: "t.charlm", needed)) { try decompressed(whole, nil) }
    #expect(throws: CompressedTextError.otherModel(source: "t.charlm", needed)) { try decompressed(whole, other) }
    var header = try TextDecompressor(whole, source: "t.charlm").header
    header = CompressedTextHeader(
      arithmetic: "float32 abacus", model: header.model, countsSize: nil, alphabet: nil, rates: nil)
    var check = ChainedCheck()
    let foreign = header.encoded + check.add(header.encoded)
    #expect(
      throws: CompressedTextError.otherArithmetic(
        source: "t.charlm", needed: "float32 abacus",
        present: Arithmetic.name(hasModel: true, .float32, isDynamic: false))
    ) { try decompressed(foreign, method.model) }
    #expect(throws: CompressedTextError.notCompressedText(source: "t.charlm")) {
      try decompressed(Array("hello, the sea".utf8), nil)
    }
    var newer = whole
    newer[CompressedTextHeader.magic.count] = 3
    #expect(throws: CompressedTextError.otherFormat(source: "t.charlm", version: 3)) { try decompressed(newer, nil) }
  }

  @Test("a model's identity is that of what it predicts, not of its history")
  func identity() throws {
    let model = try TestModel.language(.lstm)
    #expect(model.identity == (try TestModel.language(.lstm)).identity && model.identity.count == 32)
    #expect(model.identity != (try TestModel.language(.gru)).identity)
    #expect(model.identity != (try TestModel.language(.lstm, seed: 4)).identity)
  }

  @Test("this text was compressed with this version of the format, and is read on every CPU")
  func golden() throws {
    let text = "The harbour was quiet; the boats lay still. “The boats,” said Anna, “lie still.”\n"
    let bytes = compressed(Array((text + text).utf8), CompressionMethod())
    #expect(Data(bytes).base64EncodedString() == Self.golden)
    #expect(try decompressed(Array(try #require(Data(base64Encoded: Self.golden))), nil) == Array((text + text).utf8))
  }

  private static let golden =
    "iWNoYXJsbQoCWgAAAAIMZXhhY3QgY291bnRzDgwIBgEAAEEAAAAAAAAAAAAAAAJIw/AAAAAAAAAAGf+qywTzPLD+dy4jWNpxbVvIKgLo"
    + "3zqq7ccp1WWvRq+0X+hjAV8bHGlGi1C3Uh+xcvkalBEjQrIAAAA+AAAAEe2Lvx+OU7CiAAAAAAAAAAAAAAABACwAAAC3EQ5zye1whpNl"
    + "2q0gZGxUoe9+Gaz+7bGR2Vxbx9pc0O0Tjl7GViGT2hIzM/fKY/eTdfbjRbIAAAAAAAAAMp57YAGdSCU="
}
