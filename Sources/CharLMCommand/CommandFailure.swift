import CharLM
import CharLMData
import CharLMFiles
import CharLMText
import CharLMTraining
import TrainingWatch

/// Why a command could not do what it was asked: what, which file or value, and what to do.
struct CommandFailure: Error, Equatable {
  /// What is wrong.
  var what: String
  /// What to do about it.
  var next: String?
  /// 1, or 2 where it is wrong from the command line alone.
  var exitCode: Int32
  /// Whether nobody is there to read it.
  var isSilent = false

  init(_ what: String, next: String? = nil, exitCode: Int32 = 1) {
    self.what = what
    self.next = next
    self.exitCode = exitCode
  }

  /// Wrong from the command line alone.
  static func usage(_ what: String, next: String? = nil) -> CommandFailure {
    CommandFailure(what, next: next, exitCode: 2)
  }

  /// The end of a command that was interrupted and saved its work.
  static let interrupted: CommandFailure = {
    var failure = CommandFailure("", exitCode: 130)
    failure.isSilent = true
    return failure
  }()

  /// "charlm: what; what to do" with its line end. Control characters in names are shown, so that it stays one line.
  var line: String {
    if isSilent { return "" }
    let text = "charlm: " + what + (next.map { "; " + $0 } ?? "")
    var shown = ""
    for scalar in text.unicodeScalars {
      if scalar.properties.generalCategory == .control {
        shown += "\\u{" + String(scalar.value, radix: 16, uppercase: true) + "}"
      } else {
        shown.unicodeScalars.append(scalar)
      }
    }
    return shown + "\n"
  }
}

extension CommandFailure {
  /// What the library says, with the next step to take; nil for errors of the argument parser.
  init?(anyError error: any Error) {
    switch error {
    case let failure as CommandFailure: self = failure
    case let error as FileError: self.init(error)
    case let error as CorpusError: self.init(error)
    case let error as TextError: self.init(error)
    case let error as TokenFileError: self.init(error)
    case let error as CheckpointError: self.init(error)
    case let error as ModelMismatch: self.init(error)
    case let error as SettingsError: self.init(error)
    case let error as StateDictError: self.init(error)
    case let error as VocabularyFileError: self.init(error)
    case let error as WordVectorsError: self.init(error)
    case let error as RunLogError: self.init(error)
    case let error as TrainingError: self.init(error.description)
    case let error as TrainingFailure: self.init(error)
    default: return nil
    }
  }

  init(_ error: FileError) {
    self.init(error.description, next: CommandFailure.nextStep(error))
    if error.isBrokenPipe {
      isSilent = true
      exitCode = 0
    }
  }

  init(_ error: CorpusError) {
    switch error {
    case .file(let error): self.init(error)
    case .oneToken: self.init(error.description, next: "a text with at least two different tokens is needed")
    case .tooShort: self.init(error.description, next: "give a longer text")
    case .changed("-", _, _): self.init(error.description, next: "pipe the same text in again, as it was read then")
    case .changed: self.init(error.description, next: "give the file to read")
    case .text(let error): self.init(error)
    case .tokens(let error): self.init(error)
    case .noFiles: self.init(error.description, next: "check the path")
    case .changedWhileRead: self.init(error.description, next: "try again when it is whole")
    case .fileCount: self.init(error.description, next: "name all of them, in order")
    case .malformedPair: self.init(error.description, next: "correct the line")
    case .noPairs: self.init(error.description)
    }
  }

  init(_ error: TextError) {
    switch error {
    case .emptyText: self.init(error.description, next: "give a file with text in it")
    case .invalidBytes:
      self.init(error.description, next: "'--invalid replace' or '--invalid byte' reads on, or give --encoding NAME")
    case .uncertainEncoding: self.init(error.description, next: "give it with --encoding NAME")
    case .tooFewRows: self.init(error.description, next: "give a larger --vocabulary-size, or another --fallback")
    default: self.init(error.description)
    }
  }

  init(_ error: TokenFileError) {
    if case .file(let error) = error {
      self.init(error.description, next: "choose another folder with --cache")
    } else {
      self.init(error.description)
    }
  }

  init(_ error: ModelMismatch) {
    let next =
      switch error.difference {
      case .setting, .token: "models of the same text are needed, as runs with other --random-seed make them"
      case .run: "take models that 'train --keep' kept, or give --force where they began from the same weights"
      }
    self.init(error.description, next: next)
  }

  init(_ error: SettingsError) {
    if case .tiedSizes(let embedding, _) = error {
      self.init(error.description, next: "give --hidden \(embedding), too")
    } else {
      self.init(error.description)
    }
  }

  init(_ error: CheckpointError) {
    switch error {
    case .file(let error): self.init(error)
    case .model(_, .newerFormat): self.init(error.description)
    case .model(_, .notCharLM), .invalid(_, .tooShort), .invalid(_, .headerNotObject):
      self.init(error.description, next: "a model is needed, as 'charlm train' makes it")
    case .invalid, .model:
      self.init(error.description, next: "copy the file again, go back to its '.previous', or train anew")
    }
  }

  init(_ error: StateDictError) {
    switch error {
    case .checkpoint(.file(let error)): self.init(error)
    case .checkpoint(let error):
      self.init(error.description, next: "safetensors.torch.save_file(module.state_dict(), path) writes one")
    case .stateDict(_, .isModel): self.init(error.description, next: "it can be used as it is")
    case .stateDict(_, .nonlinearityUnknown): self.init(error.description, next: "give --nonlinearity tanh or relu")
    case .stateDict(_, .nonlinearityOfGates): self.init(error.description, next: "leave --nonlinearity out")
    case .stateDict(_, .bidirectionalLanguageModel):
      self.init(error.description, next: "give --output-vocabulary")
    case .stateDict(_, .vocabularySize):
      self.init(error.description, next: "give the tokens in the order of the training, or the corpus and its --unit")
    case .stateDict: self.init(error.description)
    }
  }

  init(_ error: VocabularyFileError) {
    if case .file(let error) = error { self.init(error) } else { self.init(error.description) }
  }

  init(_ error: WordVectorsError) {
    switch error {
    case .file(let error): self.init(error)
    case .line(_, _, .invalidUTF8), .line(_, _, .notNumber):
      self.init(error.description, next: "a text file is needed, as GloVe and word2vec (not its .bin) write it")
    case .headerCount: self.init(error.description, next: "it may be cut off: copy it again")
    case .line, .empty: self.init(error.description)
    }
  }

  init(_ error: RunLogError) {
    switch error {
    case .file(let error): self.init(error)
    case .empty, .notLog: self.init(error.description, next: "'charlm train --log FILE' writes one")
    case .noFigures: self.init(error.description, next: "try again in a moment")
    }
  }

  init(_ failure: TrainingFailure) {
    switch failure {
    case .training(.tokens(let error)): self.init(error)
    case .training(let error): self.init(error.description)
    case .checkpoint(let error): self.init(error)
    case .corpus(let error): self.init(error)
    }
  }

  private static func nextStep(_ error: FileError) -> String? {
    switch error {
    case .notFound: "check the path"
    case .isFolder: "name the files in it"
    case .notFolder, .notWritable: "choose another place"
    case .notReadable: "allow reading it (chmod +r)"
    case .noSpace: "make room"
    case .notRegularFile, .readFailed, .writeFailed: nil
    }
  }
}
