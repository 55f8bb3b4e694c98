import CharLM
import CharLMData
import CharLMFiles
import CharLMText

extension TrainingData {
  /// The same data, with what models predict in the training text, from which a network then learns, too. The models read
  /// the text here, once.
  /// - Parameters:
  ///   - teachers: language models of the data's vocabulary, each with its file, where a resumed run looks for it.
  ///   - weight: how much of the loss is the teachers'.
  ///   - threadCount: does not change the result.
  /// - Throws: `DistillationError`.
  public func taught(
    by teachers: [(path: String, model: LanguageModel)], weight: Float = Distillation.usualWeight, threadCount: Int
  ) throws(DistillationError) -> TrainingData {
    guard let text = trainingText else { throw .pairs }
    return taught(
      by: try TeacherPredictions(
        of: teachers, weight: weight, in: text, tokenizer: tokenizer, threadCount: threadCount))
  }

  /// The data of a run that is to go on, with the models that it began with.
  func taught(againBy distillation: Distillation, threadCount: Int) throws(DistillationError) -> TrainingData {
    var models: [(path: String, model: LanguageModel)] = []
    for (number, teacher) in distillation.teachers.enumerated() {
      // A file may name one model many times; it is read once.
      if let same = distillation.teachers[..<number].firstIndex(where: { $0.identity == teacher.identity }) {
        models.append((teacher.path, models[same].model))
        continue
      }
      let found: LanguageModel?
      do throws(CheckpointError) {
        found = try LanguageModel(recordedAt: teacher.path)
      } catch {
        throw .unreadable(error)
      }
      guard let found, SHA256Digest.hexadecimal(of: found.identity) == teacher.identity else {
        throw .otherModel(path: teacher.path)
      }
      models.append((teacher.path, found))
    }
    return try taught(by: models, weight: distillation.weight, threadCount: threadCount)
  }
}

extension LanguageModel {
  /// The model at a path that a file names: nothing but a regular file is opened there.
  /// - Returns: nil where there is something else, or another kind of model.
  fileprivate init?(recordedAt path: String) throws(CheckpointError) {
    do throws(FileError) {
      guard try Files.sizeOfRegularFile(path, reportedAs: path) != nil else { return nil }
    } catch {
      throw .file(error)
    }
    guard let model = LanguageModel(try Checkpoint.read(path: path).model) else { return nil }
    self = model
  }
}
