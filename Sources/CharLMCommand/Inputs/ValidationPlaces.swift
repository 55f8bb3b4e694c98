import CharLM
import CharLMData
import CharLMFiles

/// The folders in which the corpus of a model is looked for.
struct ValidationPlaces {
  private let folders: [String]

  init(_ record: CorpusRecord, modelPath: String) throws {
    if (record.files + [record.validationFile].compactMap(\.self)).contains(where: { $0.path == "-" }) {
      throw CommandFailure(
        "\(modelPath): was trained on standard input, which cannot be read again", next: "name a file: charlm eval FILE"
      )
    }
    let folder = Files.folder(of: modelPath)
    folders = [".", folder == "." ? ".." : Files.folder(of: folder)]
  }

  /// Calls `read` with the folders; where nothing is there, the error names what was looked for, and where.
  func find<Result>(_ read: ([String]) throws(CorpusError) -> Result) throws -> Result {
    do throws(CorpusError) {
      return try read(folders)
    } catch {
      switch error {
      case .file(.notFound(let path)):
        throw CommandFailure(
          "\(path): the corpus that the model was trained on is neither in the working folder nor in '\(folders[1])'",
          next: "name a file: charlm eval FILE")
      case .changed, .otherSize: throw CommandFailure(error.description, next: "name a file: charlm eval FILE")
      default: throw error
      }
    }
  }

  /// The corpus that a language model was trained on.
  static func corpus(
    of model: LanguageModel, path: String, storage: TokenStorage, observe: @escaping (CorpusEvent) -> Void = { _ in }
  ) throws -> Corpus {
    let record = model.snapshot.training.corpus
    let places = try ValidationPlaces(record, modelPath: path)
    guard !record.files.isEmpty else { throw noCorpus(path) }
    return try places.find { folders throws(CorpusError) in
      try Corpus(again: record, tokenizer: model.tokenizer, lookingIn: folders, storage: storage, observe: observe)
    }
  }

  /// The text that a model was trained on, to compare with; nil where it is not at hand, or so large that reading it
  /// would take longer than what it is wanted for.
  static func trainingText(of found: ModelLookup.Found, storage: TokenStorage) -> TokenText? {
    guard let model = LanguageModel(found.model), found.model.training.corpus.byteCount <= largestCorpus else {
      return nil
    }
    return try? corpus(of: model, path: found.path, storage: storage).train
  }

  private static let largestCorpus = 8 << 20

  /// The validation part of a corpus, as far as the model was validated on it in training.
  static func text(of corpus: Corpus, _ model: LanguageModel, path: String) throws -> EvaluationText {
    guard let text = corpus.validation else { throw noValidation(path) }
    guard let limit = model.snapshot.training.settings.validationTokenLimit else { return text }
    return try text.sample(limit, corpus.tokenizer)
  }

  /// The validation part of the pairs that a transducer was trained on.
  static func pairs(of model: Transducer, path: String) throws -> [PairCorpus.Pair] {
    let record = model.snapshot.training.corpus
    guard !record.files.isEmpty else { throw noCorpus(path) }
    let pairs = try ValidationPlaces(record, modelPath: path).find { folders throws(CorpusError) in
      try PairCorpus.validationPairs(
        of: record, input: model.snapshot.tokenizer, output: model.snapshot.outputTokenizer, lookingIn: folders)
    }
    guard !pairs.isEmpty else { throw noValidation(path) }
    return pairs
  }

  private static func noCorpus(_ path: String) -> CommandFailure {
    CommandFailure("\(path): does not record what it was trained on", next: "name a file: charlm eval FILE")
  }

  private static func noValidation(_ path: String) -> CommandFailure {
    CommandFailure("\(path): was trained without a validation part", next: "name a file: charlm eval FILE")
  }
}

extension CorpusRecord {
  /// The files that the validation part is in.
  var validationName: [String] { validationFile.map { [$0.path] } ?? files.map(\.path) }

  /// Whether one of the files at these paths is the corpus or part of it.
  func includes(_ paths: [String]) -> Bool {
    let places = Set(paths.map(FilePlace.init))
    return files.contains { places.contains(FilePlace($0.path)) }
  }
}
