import CharLM
import CharLMData
import CharLMFiles
import CharLMServer
import CharLMText
import CharLMTraining
import TrainingWatch

extension CommandFailure {
  /// An error of the libraries, with the next step to take; nil for errors of the argument parser.
  init?(anyError error: any Error) {
    switch error {
    case let failure as CommandFailure: self = failure
    case let error as FileError: self.init(error)
    case let error as CorpusError: self.init(error)
    case let error as TextError: self.init(error)
    case let error as ConstraintError: self.init(error)
    case let error as TokenFileError: self.init(error)
    case let error as CheckpointError: self.init(error)
    case let error as ModelMismatch: self.init(error)
    case let error as SettingsError: self.init(error)
    case let error as StateDictError: self.init(error)
    case let error as VocabularyFileError: self.init(error)
    case let error as WordVectorsError: self.init(error)
    case let error as RunLogError: self.init(error)
    case let error as TrainingError: self.init(error)
    case let error as TrainingFailure: self.init(error)
    case let error as DistillationError: self.init(error)
    case let error as ModelLockError: self.init(error)
    case let error as CompressedTextError: self.init(error)
    case let error as ServerError: self.init(error)
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
    case .oneToken: self.init(error.description, next: "give a text with at least two different tokens")
    case .tooShort: self.init(error.description, next: "give a longer text")
    case .changed("-", _, _): self.init(error.description, next: "pipe in the same text again")
    case .changed, .otherSize: self.init(error.description, next: "give the original file")
    case .text(let error): self.init(error)
    case .tokens(let error): self.init(error)
    case .noFiles(_, let skipped):
      self.init(error.description, next: skipped.isEmpty ? "check the path" : "make plain texts of them")
    case .noMatches: self.init(error.description, next: "check the path")
    case .compression(let error): self.init(error)
    case .notText(let path, let kind): self.init(error.description, next: kind.nextStep(path: path))
    case .changedWhileRead: self.init(error.description, next: "try again once it is complete")
    case .fileCount: self.init(error.description, next: "name all of them, in order")
    case .malformedPair: self.init(error.description, next: "correct the line")
    case .noPairs: self.init(error.description)
    }
  }

  init(_ error: ServerError) {
    self.init(error.description, next: error.isInUse ? "give another --port, or 0 for one that is free" : nil)
  }

  init(_ error: CompressionError) {
    switch error {
    case .missingLibrary(let path, let format):
      self.init(error.description, next: "\(format.rawValue) -dc \(CommandText.quoted(path)) | charlm train -")
    case .damaged, .truncated: self.init(error.description, next: "copy or download it again")
    case .memory: self.init(error.description)
    }
  }

  init(_ error: TextError) {
    switch error {
    case .emptyText: self.init(error.description, next: "give a file with text in it")
    case .invalidBytes:
      self.init(
        error.description,
        next: "give --invalid replace or --invalid byte to read on, or name the encoding with --encoding NAME")
    case .uncertainEncoding: self.init(error.description, next: "name it with --encoding NAME")
    case .tooFewRows: self.init(error.description, next: "give a larger --vocabulary-size, or another --fallback")
    default: self.init(error.description)
    }
  }

  init(_ error: ConstraintError) {
    switch error {
    case .tooAmbiguous: self.init(error.description, next: "let fewer of its rules begin alike")
    case .search: self.init(error.description, next: "avoid repetitions of repetitions, or give a --grammar")
    case .impossible: self.init(error.description, next: "see 'charlm info' for the characters that the model knows")
    case .interrupted: self.init(error.description)
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
      case .setting, .token:
        "choose models of the same text and settings, such as runs that differ only in --random-seed"
      case .run: "choose models kept by 'train --keep', or give --force if they started from the same weights"
      }
    self.init(error.description, next: next)
  }

  init(_ error: SettingsError) {
    let next: String? =
      switch error {
      case .unavailable: "train with --precision float32"
      case .outOfRange, .bidirectionalLanguageModel: nil
      case .tiedSizes(let embedding, _): "give --hidden \(embedding), too"
      case .tooManyRanks: "start fewer, or give a larger --batch"
      case .memory: "choose a smaller --hidden, --layers, --batch or --bptt"
      case .batchTooLarge: "give a smaller --batch or --bptt, or leave both out to have them chosen"
      }
    self.init(error.description, next: next)
  }

  init(_ error: TrainingError) {
    switch error {
    case .tokens(let error): self.init(error)
    case .diverged: self.init(error.description, next: "try a much lower --learning-rate or a smaller --clip")
    case .unavailable: self.init(error.description, next: "train with --precision float32")
    case .stateMismatch: self.init(error.description)
    }
  }

  init(_ error: CheckpointError) {
    switch error {
    case .file(let error): self.init(error)
    case .model(_, .newerFormat): self.init(error.description)
    case .model(_, .notCharLM), .invalid(_, .tooShort), .invalid(_, .headerNotObject):
      self.init(error.description, next: "give a model made by 'charlm train'")
    case .invalid, .model:
      self.init(error.description, next: "copy the file again, use an earlier model, or train again")
    }
  }

  init(_ error: StateDictError) {
    switch error {
    case .checkpoint(.file(let error)): self.init(error)
    case .checkpoint(let error):
      self.init(error.description, next: "safetensors.torch.save_file(module.state_dict(), path) writes one")
    case .stateDict(_, .isModel): self.init(error.description, next: "use it as it is")
    case .stateDict(_, .nonlinearityUnknown): self.init(error.description, next: "give --nonlinearity tanh or relu")
    case .stateDict(_, .nonlinearityOfGates): self.init(error.description, next: "leave --nonlinearity out")
    case .stateDict(_, .bidirectionalLanguageModel):
      self.init(error.description, next: "give --output-vocabulary")
    case .stateDict(_, .vocabularySize):
      self.init(error.description, next: "give the tokens in the order of training, or the corpus and its --unit")
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
      self.init(error.description, next: "give a text file in the format of GloVe or word2vec (not word2vec's .bin)")
    case .headerCount: self.init(error.description, next: "it may be truncated: copy it again")
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
    case .training(let error): self.init(error)
    case .checkpoint(let error): self.init(error)
    case .corpus(let error): self.init(error)
    case .lock(let error): self.init(error)
    case .settings(let error): self.init(error)
    case .distillation(let error): self.init(error)
    }
  }

  init(_ error: DistillationError) {
    switch error {
    case .mismatch(let error): self.init(error)
    case .tokens(let error): self.init(error)
    case .unreadable, .otherModel:
      self.init(error.description, next: "put the teacher back in its place, or begin a new run")
    case .vocabulary:
      self.init(error.description, next: "train the teachers on this corpus, with the same --document-separator")
    case .memory: self.init(error.description, next: "train on a part of the corpus")
    case .notFinite(let teachers):
      self.init(
        error.description,
        next: teachers.count > 1 ? "find the damaged one with 'charlm eval', and leave it out" : "use another teacher")
    case .pairs, .vocabularySize: self.init(error.description)
    }
  }

  init(_ error: ModelLockError) {
    switch error {
    case .held(_, let process):
      let stop = process.map { ", stop it with 'kill -INT \($0)'," } ?? ""
      self.init(error.description, next: "wait until it is done\(stop) or name another file")
    case .file(let error): self.init(error)
    }
  }

  init(_ error: CompressedTextError) {
    switch error {
    case .file(let error): self.init(error)
    case .noModel, .otherModel: self.init(error.description, next: "give that model with --model")
    case .noDictionary, .otherDictionary:
      self.init(error.description, next: "give that dictionary with --dictionary")
    case .otherArithmetic(_, let needed, let present):
      self.init(error.description, next: CommandFailure.nextStep(needed: needed, present: present))
    case .truncated, .damaged: self.init(error.description, next: "copy or download it again")
    case .notCompressedText: self.init(error.description, next: "name a file that ends in .charlm")
    case .otherFormat: self.init(error.description, next: "decompress it with the version of charlm that made it")
    case .trailingBytes: self.init(error.description, next: "cut it off there (head -c), or copy the file again")
    case .otherText: self.init(error.description, next: "decompress it with the charlm and on the CPU that made it")
    }
  }

  private static func nextStep(needed: String, present: String) -> String {
    let sets = ["plain", "avx2", "avx512"]
    func index(_ arithmetic: String) -> Int? { sets.firstIndex { arithmetic.split(separator: " ").contains($0[...]) } }
    if let needed = index(needed), let present = index(present), needed < present {
      return "set CHARLM_KERNELS=\(sets[needed]) for it"
    }
    return "decompress it on a machine like the one that made it"
  }

  private static func nextStep(_ error: FileError) -> String? {
    switch error {
    case .notFound(let path): NearbyFile.nextStep(missing: path)
    case .isFolder: "name the files in it"
    case .notFolder, .notWritable, .writeFailed(_, .open, _): "choose another place"
    case .notReadable: "make it readable (chmod +r)"
    case .noSpace: "free some space"
    case .notRegularFile, .endless, .unexpectedKind, .tooLarge: "name another file"
    case .memory: "take a smaller file, or a machine with more memory"
    case .linkToNothing: "name another file, or remove the link"
    case .readFailed, .writeFailed: nil
    }
  }
}
