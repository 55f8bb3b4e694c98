import CharLMText

/// Aligned pairs of token sequences: what a transducer learns from.
public struct PairCorpus: Sendable {
  /// An input and its output, with as many tokens each.
  public struct Pair: Hashable, Sendable {
    /// The input's tokens, of the input vocabulary.
    public let input: TokenSequence
    /// The output's tokens, of the output vocabulary.
    public let output: TokenSequence

    package init(input: TokenSequence, output: TokenSequence) {
      self.input = input
      self.output = output
    }
  }

  /// Where it came from.
  public let record: CorpusRecord
  /// How inputs become tokens.
  public let tokenizer: Tokenizer
  /// How outputs become tokens.
  public let outputTokenizer: Tokenizer
  /// The pairs to train on.
  public let train: [Pair]
  /// The pairs to validate on; empty where there are none.
  public let validation: [Pair]

  /// The number of tokens on one side of the training pairs.
  public var trainTokenCount: Int { train.reduce(0) { $0 + $1.input.count } }

  /// Reads a file whose lines are `input<TAB>output`; empty lines are passed over.
  ///
  /// Fewer than 20 pairs are all trained on, whatever the validation part.
  /// - Parameters:
  ///   - validationFraction: the part of the pairs, at the end of the file, that is kept for validation.
  ///   - tokenizers: vocabularies to use instead of counting them.
  ///   - extendsVocabularies: whether tokens that these lack are added to them.
  /// - Throws: `CorpusError` where the file cannot be read or a line is no aligned pair.
  public init(
    path: String, text: TextSettings, validationFraction: Double,
    tokenizers: (input: Tokenizer, output: Tokenizer)? = nil, extendsVocabularies: Bool = false
  ) throws(CorpusError) {
    let source = try SourceText(path: path, settings: text)
    try self.init(
      source, text: text, validationFraction: validationFraction, tokenizers: tokenizers,
      extendsVocabularies: extendsVocabularies)
  }

  init(
    _ source: SourceText, text: TextSettings, validationFraction: Double,
    tokenizers: (input: Tokenizer, output: Tokenizer)?, extendsVocabularies: Bool = false
  ) throws(CorpusError) {
    record = CorpusRecord(files: [source.record], validationFraction: validationFraction)
    let lines = try PairLine.parse(source)
    do throws(TextError) {
      if let tokenizers, extendsVocabularies {
        tokenizer = tokenizers.input.extended(by: PairCorpus.counted(lines.map(\.input), tokenizers.input.settings))
        outputTokenizer = tokenizers.output.extended(
          by: PairCorpus.counted(lines.map(\.output), tokenizers.output.settings))
      } else if let tokenizers {
        (tokenizer, outputTokenizer) = tokenizers
      } else {
        tokenizer = try PairCorpus.countedTokenizer(lines.map(\.input), settings: text)
        outputTokenizer = try PairCorpus.countedTokenizer(lines.map(\.output), settings: text)
      }
    } catch {
      throw .text(error)
    }
    var pairs: [Pair] = []
    for line in lines {
      pairs.append(try line.pair(tokenizer, outputTokenizer, source: source.record.path))
    }
    let kept = pairs.count < 20 ? 0 : Int(validationFraction * Double(pairs.count))
    train = Array(pairs.dropLast(kept))
    validation = Array(pairs.suffix(kept))
  }

  /// Pairs to evaluate a transducer on.
  /// - Throws: `CorpusError`, also where a token is in no vocabulary of the model.
  public static func pairs(
    path: String, input: Tokenizer, output: Tokenizer
  ) throws(CorpusError) -> [Pair] {
    try PairCorpus(
      path: path, text: input.settings, validationFraction: 0, tokenizers: (input: input, output: output)
    ).train
  }

  private static func countedTokenizer(_ texts: [[UInt8]], settings: TextSettings) throws(TextError) -> Tokenizer {
    Tokenizer(vocabulary: try counted(texts, settings).vocabulary(), settings: settings)
  }

  private static func counted(_ texts: [[UInt8]], _ settings: TextSettings) -> VocabularyBuilder {
    var builder = VocabularyBuilder(settings: settings)
    for text in texts { builder.count(settings.normalization.normalized(text).span) }
    return builder
  }
}

/// A line of a file of pairs.
private struct PairLine {
  let number: Int
  let input: [UInt8]
  let output: [UInt8]

  static func parse(_ source: SourceText) throws(CorpusError) -> [PairLine] {
    var lines: [PairLine] = []
    for (index, line) in source.utf8.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false).enumerated()
    {
      let line = line.last == UInt8(ascii: "\r") ? line.dropLast() : line
      if line.isEmpty { continue }
      let sides = line.split(separator: UInt8(ascii: "\t"), omittingEmptySubsequences: false)
      func malformed(_ problem: PairProblem) -> CorpusError {
        .malformedPair(source: source.record.path, line: index + 1, problem: problem)
      }
      guard sides.count == 2 else { throw malformed(.tabCount(sides.count - 1)) }
      guard !sides[0].isEmpty, !sides[1].isEmpty else { throw malformed(.emptySide) }
      lines.append(PairLine(number: index + 1, input: Array(sides[0]), output: Array(sides[1])))
    }
    guard !lines.isEmpty else { throw .noPairs(source: source.record.path) }
    return lines
  }

  func pair(_ inputs: Tokenizer, _ outputs: Tokenizer, source: String) throws(CorpusError) -> PairCorpus.Pair {
    let place = "\(source): line \(number)"
    let pair: PairCorpus.Pair
    do throws(TextError) {
      pair = PairCorpus.Pair(
        input: try inputs.encode(input, source: place), output: try outputs.encode(output, source: place))
    } catch {
      throw .text(error)
    }
    guard pair.input.count == pair.output.count else {
      throw .malformedPair(
        source: source, line: number, problem: .lengths(input: pair.input.count, output: pair.output.count))
    }
    return pair
  }
}
