import CharLM
import CharLMFiles
import CharLMText
import RecurrentNN

/// Vectors of tokens that somebody trained: GloVe's and word2vec's text files.
///
///     GloVe      hello -0.38497 0.80092 0.064106 …       a token and D numbers, separated by spaces
///     word2vec   400000 50                               the same, after a line with the count and D
///
/// Tokens are told apart by their exact bytes. A token may hold spaces, as some of GloVe's 840B have: the numbers are read
/// from the line's end. Of a token that is repeated the first vector counts.
public struct WordVectors: Sendable {
  /// The numbers of a vector.
  public let dimensionCount: Int
  /// How many vectors were skipped because they repeat a token that is kept.
  public let duplicateCount: Int
  /// How many lines were passed over because their token is no text: not UTF-8, or missing.
  public let skippedCount: Int
  /// How many vectors the file has, duplicates and those that were not kept included.
  public let lineCount: Int
  private let tokens: ByteStringTable
  /// (count, dimensionCount).
  private let values: [Float]

  /// Reads a file of vectors.
  ///
  /// - Parameters:
  ///   - path: The file.
  ///   - vocabulary: Keep only the vectors of its tokens; nil keeps all.
  /// - Throws: `WordVectorsError`, which names the line.
  /// - Complexity: O(bytes) time, memory for what is kept.
  public init(path: String, keeping vocabulary: Vocabulary? = nil) throws(WordVectorsError) {
    var parser = WordVectorsParser(source: path, vocabulary: vocabulary)
    do throws(FileError) {
      var reader = try LineReader(path)
      while let line = try reader.next() {
        parser.read(reader.bytes.span, line)
        if parser.error != nil { break }
      }
    } catch {
      throw .file(error)
    }
    try parser.finish()
    dimensionCount = parser.dimensionCount
    duplicateCount = parser.duplicateCount
    (lineCount, skippedCount) = (parser.lineCount, parser.skippedCount)
    tokens = parser.tokens
    values = parser.values
  }

  /// How many vectors were kept.
  public var count: Int { tokens.count }

  /// The vector of a token, or nil.
  public subscript(token: String) -> [Float]? { index(of: token.utf8).map { vector(at: $0) } }

  /// The row of a token with exactly these bytes, or nil.
  public func index(of token: some Sequence<UInt8>) -> Int? {
    let bytes = Array(token)
    let number = tokens.find(bytes.span, bytes.indices)
    return number < 0 ? nil : Int(number)
  }

  /// The vector of a row.
  public func vector(at index: Int) -> [Float] {
    require(index >= 0 && index < count, "row \(index) of \(count) vectors")
    return Array(values[index * dimensionCount..<(index + 1) * dimensionCount])
  }

  /// The token of a row.
  public func token(at index: Int) -> String {
    require(index >= 0 && index < count, "row \(index) of \(count) vectors")
    return String(decoding: tokens[index], as: UTF8.self)
  }

  /// All vectors, (count, dimensionCount).
  public var tensor: Tensor { Tensor(values, shape: [count, dimensionCount]) }
}

extension Embedding {
  /// The vectors in the order of `WordVectors.index(of:)`; frozen unless asked otherwise.
  public convenience init(_ vectors: WordVectors, isFrozen: Bool = true) {
    self.init(vectors: vectors.tensor, isFrozen: isFrozen)
  }
}

extension TrainingRun {
  /// Sets the embedding's rows of the tokens that `vectors` has; to be called before the first step.
  /// - Parameter path: the vectors' file, for the run's record.
  /// - Returns: how many tokens have theirs now; the others start as usual.
  /// - Precondition: the embedding is as wide as the vectors.
  public func begin(with vectors: WordVectors, path: String? = nil) -> Int {
    record.initialVectors = path
    let vocabulary = data.tokenizer.vocabulary
    require(
      trainer.stepCount == 0 && trainer.network.embedding == vectors.dimensionCount,
      "vectors of \(vectors.dimensionCount) for an embedding of \(trainer.network.embedding)")
    let embedding = trainer.parameters.matrix(named: ParameterName.embedding)
    var setCount = 0
    for id in 0..<vocabulary.count {
      guard let index = vectors.index(of: vocabulary.bytes(of: TokenID(id))) else { continue }
      embedding.row(id).copy(from: vectors.vector(at: index))
      setCount += 1
    }
    trainer.shardedNetwork.parametersReplaced()
    return setCount
  }
}
