import CharLMData
import CharLMFiles
import CharLMTraining

extension FileUses {
  /// The files of a training.
  /// - Parameters:
  ///   - corpus: the files that were found for the command's corpora, once they are known.
  ///   - teachers: the files that were found for the teachers, once they are known.
  init(_ command: TrainCommand, modelPath: String, corpus: CorpusRecord? = nil, teachers: [String] = []) {
    self.init()
    for path in command.corpora + (corpus?.files.map(\.path) ?? []) { reads(path, as: "the corpus") }
    reads(command.text.validationFile, as: "the validation text")
    reads(corpus?.validationFile?.path, as: "the validation text")
    reads(command.embeddingInit, as: "the file of --embedding-init")
    for path in command.teacher + teachers { reads(path, as: "one of the teachers") }
    // Training on in the place of the first model is safe: that one is kept under a number.
    if let path = command.initFrom, command.overwrite || FilePlace(path) != FilePlace(modelPath) {
      reads(path, as: "the model of --init-from")
    }
    if command.findsLearningRate {
      writes(LearningRateSearch.picturePath(forModel: modelPath), by: "the picture", as: "the picture")
      return
    }
    writes(modelPath, by: "--model", as: "the model")
    writes(TrainingRun.statePath(forModel: modelPath), by: "the run's state", as: "the run's state")
    writes(ModelPath.lock(of: modelPath), by: "the lock", as: "the model's lock")
    writes(command.watch.log, by: "--log", as: "that of --log")
    writes(command.watch.report, by: "--report", as: "that of --report")
    writes(command.watch.tensorboard, by: "--tensorboard", as: "that of --tensorboard", kind: "folder")
  }
}
