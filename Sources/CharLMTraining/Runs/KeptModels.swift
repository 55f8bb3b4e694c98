import CharLM
import CharLMFiles

/// The models of a run's last validations, each in a file of its own beside the run's model:
/// `NAME.step-000120.safetensors` beside `NAME.safetensors`.
///
/// The last models of a run at a high learning rate lie around a better one, which is near their mean
/// (`ModelSnapshot.average`).
package enum KeptModels {
  private static let mark = ".step-"

  /// The file of a step's model.
  package static func path(forModel path: String, step: Int) -> String {
    let digits = String(step)
    return ModelPath.stem(of: path) + mark + String(repeating: "0", count: max(0, 6 - digits.count)) + digits
      + ModelPath.suffix
  }

  /// A pattern for a shell that all files of a model fit.
  package static func pattern(forModel path: String) -> String {
    ModelPath.stem(of: path) + mark + "*" + ModelPath.suffix
  }

  /// The model's file that a kept one stands beside, with its step; nil for a path that is no kept model's.
  package static func origin(of path: String) -> (modelPath: String, step: Int)? {
    guard path.hasSuffix(ModelPath.suffix) else { return nil }
    let digits = ModelPath.stem(of: path).suffix(while: { $0.isASCII && $0.isNumber })
    let rest = ModelPath.stem(of: path).dropLast(digits.count)
    guard digits.count >= 6, let step = Int(digits), rest.hasSuffix(mark) else { return nil }
    return (rest.dropLast(mark.count) + ModelPath.suffix, step)
  }

  /// The kept models of the run that was begun at a time, the oldest first.
  package static func paths(forModel path: String, created: String) -> [String] {
    files(forModel: path).filter { Checkpoint.summary(path: $0.path)?.created == created }.map(\.path)
  }

  /// The kept models of all runs, by their steps.
  static func files(forModel path: String) -> [(path: String, step: Int)] {
    let folder = Files.folder(of: path)
    let start = (ModelPath.stem(of: path).split(separator: "/").last ?? "") + mark
    let names = (try? Files.names(in: folder, suffix: ModelPath.suffix)) ?? []
    let kept = names.compactMap { name in
      name.hasPrefix(start)
        ? origin(of: name).map { (path: folder == "." ? name : Files.join(folder, name), step: $0.step) } : nil
    }
    return kept.sorted { $0.step < $1.step }
  }
}

extension BidirectionalCollection {
  /// The last elements, as far as all of them `belong`.
  fileprivate func suffix(while belong: (Element) -> Bool) -> SubSequence {
    var start = endIndex
    while start > startIndex, belong(self[index(before: start)]) { start = index(before: start) }
    return self[start...]
  }
}

extension TrainingRun {
  /// Writes the present model, where models are to be kept, and removes the oldest of more than `keptCount`. Models of
  /// other runs are left alone; they were given other names when the run started.
  func keepModel(validNats: Double?) throws(TrainingFailure) {
    guard let modelPath, keptCount > 0 else { return }
    var record = record
    (record.bestValidNats, record.bestStep) = (validNats, trainer.stepCount)
    do throws(CheckpointError) {
      try Checkpoint.write(
        metadata(record), trainer.result, to: KeptModels.path(forModel: modelPath, step: trainer.stepCount))
    } catch {
      throw .checkpoint(error)
    }
    for old in KeptModels.paths(forModel: modelPath, created: created).dropLast(keptCount) { Files.remove(old) }
  }

  /// Removes the kept models of a branch that the run has left by going back.
  func removeKeptModels(beyond step: Int) {
    guard let modelPath else { return }
    for path in KeptModels.paths(forModel: modelPath, created: created)
    where KeptModels.origin(of: path).map({ $0.step > step }) ?? false {
      Files.remove(path)
    }
  }
}
