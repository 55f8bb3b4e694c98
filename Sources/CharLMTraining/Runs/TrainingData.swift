import CharLM
import CharLMData
import CharLMText

/// What a run trains, and on what: all that differs between a language model and a transducer.
public struct TrainingData: Sendable {
  /// The kind of the model.
  public let kind: ModelKind
  /// How input text becomes tokens.
  public let tokenizer: Tokenizer
  /// How output text becomes tokens; the same for a language model.
  public let outputTokenizer: Tokenizer
  /// Where the text came from.
  public let corpus: CorpusRecord
  /// The number of tokens to train on.
  public let trainTokenCount: Int
  /// The number of tokens to validate on, 0 for none.
  public let validationTokenCount: Int
  /// The number of tokens of the whole validation text, of which a run may read only a sample.
  public let wholeValidationTokenCount: Int
  /// What the models predict that a network is to learn from; nil where it learns from the text alone.
  package private(set) var teacher: TeacherPredictions?
  private let texts: Texts
  private let validation: EvaluationText?

  private enum Texts: Sendable {
    case corpus(Corpus)
    case pairs(PairCorpus)
  }

  /// A language model of a corpus.
  public init(_ corpus: Corpus) {
    kind = .language
    tokenizer = corpus.tokenizer
    outputTokenizer = corpus.tokenizer
    self.corpus = corpus.record
    trainTokenCount = corpus.train.count
    validation = corpus.validation
    validationTokenCount = corpus.validation?.tokens.count ?? 0
    wholeValidationTokenCount = validationTokenCount
    texts = .corpus(corpus)
  }

  /// A transducer of pairs.
  public init(_ pairs: PairCorpus) {
    kind = .transducer
    tokenizer = pairs.tokenizer
    outputTokenizer = pairs.outputTokenizer
    corpus = pairs.record
    trainTokenCount = pairs.trainTokenCount
    validation = nil
    validationTokenCount = pairs.validation.reduce(0) { $0 + $1.input.count }
    wholeValidationTokenCount = validationTokenCount
    texts = .pairs(pairs)
  }

  /// The data of a run that was stopped: its corpus, found again and checked to be the same.
  /// - Parameters:
  ///   - paths: the files, where they are elsewhere now.
  ///   - storage: where tokens are kept.
  ///   - observe: called with what happens while the corpus is read.
  /// - Throws: `CorpusError.changed` where a file is not the one that the run had.
  public init(
    resuming record: CorpusRecord, kind: ModelKind, tokenizer: Tokenizer, outputTokenizer: Tokenizer,
    paths: [String]? = nil, storage: TokenStorage = TokenStorage(),
    observe: @escaping (CorpusEvent) -> Void = { _ in }
  ) throws(CorpusError) {
    switch kind {
    case .language:
      self.init(
        try Corpus(
          again: record, tokenizer: tokenizer, lookingIn: ["."], paths: paths, storage: storage, observe: observe))
    case .transducer:
      guard let old = record.files.first else { throw .noPairs(source: record.name) }
      let pairs = try PairCorpus(
        path: paths?.first ?? old.path, settings: tokenizer.settings, validationFraction: record.validationFraction,
        tokenizers: (tokenizer, outputTokenizer))
      if let new = pairs.record.files.first, old.sha256 != new.sha256 {
        throw .changed(path: new.path, expectedSHA256: old.sha256, foundSHA256: new.sha256)
      }
      self.init(pairs)
    }
  }

  /// The longest pair, in tokens; nil for a language model.
  public var longestPair: Int? {
    guard case .pairs(let pairs) = texts else { return nil }
    return pairs.train.map(\.input.count).max()
  }

  /// The number of training pairs; nil for a language model.
  public var pairCount: Int? {
    guard case .pairs(let pairs) = texts else { return nil }
    return pairs.train.count
  }

  /// The text that a language model is trained on; nil for pairs.
  public var trainingText: TokenText? {
    guard case .corpus(let corpus) = texts else { return nil }
    return corpus.train
  }

  /// The text to validate a language model on, if there is one.
  public var validationText: EvaluationText? { validation }

  /// The same data, but with at most so many tokens of the validation text, spread over it (`EvaluationText.sample`).
  /// - Parameter tokenLimit: nil for all; pairs are always validated on as a whole.
  /// - Throws: `TokenFileError` where the tokens lie in a file that cannot be read.
  public func validating(upTo tokenLimit: Int?) throws(TokenFileError) -> TrainingData {
    guard let tokenLimit, let validation, tokenLimit < validation.tokens.count else { return self }
    return TrainingData(self, validation: try validation.sample(max(tokenLimit, 2), tokenizer))
  }

  private init(_ data: TrainingData, validation: EvaluationText) {
    (kind, tokenizer, outputTokenizer) = (data.kind, data.tokenizer, data.outputTokenizer)
    (corpus, trainTokenCount, texts) = (data.corpus, data.trainTokenCount, data.texts)
    self.validation = validation
    validationTokenCount = validation.tokens.count
    wholeValidationTokenCount = data.wholeValidationTokenCount
    teacher = data.teacher
  }

  /// The same data, with what models predict in the training text.
  func taught(by teacher: TeacherPredictions) -> TrainingData {
    var data = self
    data.teacher = teacher
    return data
  }

  /// The number of documents of a language model's corpus; 0 for a text without documents, and for pairs.
  public var documentCount: Int {
    guard case .corpus(let corpus) = texts else { return 0 }
    return corpus.documentCount
  }

  /// The pairs to validate a transducer on; empty where there are none.
  public var validationPairs: [PairCorpus.Pair] {
    guard case .pairs(let pairs) = texts else { return [] }
    return pairs.validation
  }

  package func source(_ settings: TrainingSettings) -> any BatchSource {
    switch texts {
    case .corpus(let corpus):
      StreamBatches(corpus.train, settings: settings, documentID: tokenizer.vocabulary.documentID, teacher: teacher)
    case .pairs(let pairs):
      PairBatches(pairs.train, batchSize: settings.batch, seed: settings.randomSeed)
    }
  }

  /// A way to validate a trainer's present result; nil without validation text.
  package func makeValidator(for trainer: Trainer) -> (() throws(TokenFileError) -> Evaluation)? {
    switch texts {
    case .corpus(let corpus):
      guard let validation else { return nil }
      let evaluator = trainer.makeEvaluator()
      return { () throws(TokenFileError) in
        try evaluator.stateful(
          validation.tokens, documentID: corpus.tokenizer.vocabulary.documentID, communicator: trainer.communicator)
      }
    case .pairs(let pairs):
      guard !pairs.validation.isEmpty else { return nil }
      let communicator = trainer.communicator
      let ofThisRank = stride(from: communicator.rank, to: pairs.validation.count, by: communicator.size)
        .map { pairs.validation[$0] }
      let rowCount = PairReader.rowCount(of: PairReader.groups(of: ofThisRank))
      return {
        let weights = trainer.weights(forRows: rowCount, batchSize: PairReader.largestBatch)
        return communicator.sum(weights.evaluate(ofThisRank).sums)
      }
    }
  }

  /// What a transducer in training makes of its first pair: (input, output wanted, output now).
  package func preview(_ trainer: Trainer) -> (input: String, wanted: String, predicted: String)? {
    guard case .pairs(let pairs) = texts, let pair = pairs.train.first else { return nil }
    let weights = trainer.weights(forRows: pair.input.count, batchSize: 1)
    let shard = NetworkShard(weights, rowCount: pair.input.count, batchSize: 1)
    let output = PairReader(shard).outputs(for: [pair.input])[0]
    func text(_ tokens: some Sequence<TokenID>, _ tokenizer: Tokenizer) -> String {
      String(decoding: tokenizer.decode(tokens), as: UTF8.self)
    }
    return (
      text(pair.input, tokenizer), text(pair.output, outputTokenizer), text(output, outputTokenizer)
    )
  }
}
