import CharLMData
import CharLMFiles
import CharLMTraining

/// The files of a training: it must not write a file that it reads, or write one file twice.
struct TrainingFiles {
  private var read: [(what: String, path: String)] = []
  private var written: [(option: String, what: String, path: String)] = []

  /// - Parameter corpus: the files that were found for the command's corpora, once they are known.
  init(_ command: TrainCommand, modelPath: String, corpus: CorpusRecord? = nil) {
    read += (command.corpora + (corpus?.files.map(\.path) ?? [])).map { ("the corpus", $0) }
    read += [command.text.validationFile, corpus?.validationFile?.path].compactMap(\.self)
      .map { ("the validation text", $0) }
    if let path = command.embeddingInit { read.append(("the file of --embedding-init", path)) }
    // Training on in the place of the first model is safe: that one is kept as '….previous'.
    if let path = command.initFrom, FilePlace(path) != FilePlace(modelPath) {
      read.append(("the model of --init-from", path))
    }
    if command.findsLearningRate {
      written = [("the picture", "the picture", LearningRateSearch.picturePath(forModel: modelPath))]
      return
    }
    written = [
      ("--model", "the model", modelPath),
      ("the run's state", "the run's state", TrainingRun.statePath(forModel: modelPath)),
    ]
    let watch = command.watch
    for (option, path) in [("--log", watch.log), ("--report", watch.report), ("--tensorboard", watch.tensorboard)] {
      if let path { written.append((option, "that of \(option)", path)) }
    }
  }

  /// Checks it, however the paths are written; to be called before anything is written.
  func check() throws {
    var places = Dictionary(read.map { (FilePlace($0.path), $0.what) }, uniquingKeysWith: { first, _ in first })
    for file in written {
      if let what = places.updateValue(file.what, forKey: FilePlace(file.path)) {
        throw CommandFailure.usage("\(file.option) \(file.path): is \(what)", next: "name another file")
      }
    }
  }
}
