import CharLM
import CharLMData
import CharLMFiles
import CharLMTraining

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// Logs a run for TensorBoard: losses, learning rate, gradient norm, speed, samples.
///
/// Each run has its own folder, named after its model and the time when it was started; a resumed run adds a file to it.
public final class TensorBoardWriter: RunObserver {
  /// The folder of this run.
  public let folder: String
  private let file: LineFile
  /// Whether the folder held a run before.
  private let isOthers: Bool
  private var error: FileError?

  /// Creates the folder and the file.
  /// - Parameter folder: TensorBoard's log directory.
  public init(_ run: TrainingRun, in folder: String) throws(FileError) {
    let name = run.modelPath?.split(separator: "/").last.map(String.init) ?? "run"
    // Other systems do not allow colons in file names; and what a stranger's state has in place of a time stays in the folder.
    let time = run.created.utf8.filter { UInt8(ascii: "-")...UInt8(ascii: "Z") ~= $0 && !":/".utf8.contains($0) }
    self.folder = Files.join(folder, ModelPath.stem(of: name) + "-" + String(decoding: time, as: UTF8.self))
    isOthers = Files.isFolder(self.folder)
    try Files.ensureWritableFolder(self.folder)
    let seconds = Int(Date.now.timeIntervalSince1970)
    let suffix = "\(ProcessInfo.processInfo.processIdentifier).charlm"
    file = try LineFile(
      path: Files.join(self.folder, "events.out.tfevents.\(seconds).\(suffix)"), isAppending: false)
  }

  /// A message once an event could not be written; no more are then.
  public var warning: String? { error.map { "\($0.description); the file for TensorBoard is incomplete" } }

  /// Writes an event, if TensorBoard can show it.
  public func note(_ event: RunEvent, of run: TrainingRun, at seconds: Double) {
    let time = Date.now.timeIntervalSince1970
    switch event {
    case .begun(let description):
      write(TensorBoardEvent.version(at: time))
      if description.step > 0 || isOthers {
        write(TensorBoardEvent.restart(at: time, step: description.step > 0 ? description.step + 1 : 0))
      }
      write(TensorBoardEvent.text(settings(description), tag: "run", at: time, step: description.step))
    case .measured(let point):
      write(TensorBoardEvent.scalars(TensorBoardWriter.scalars(point), at: time, step: point.step))
    case .sampled(let sample):
      write(TensorBoardEvent.text(TensorBoardWriter.literal(sample.text), tag: "sample", at: time, step: sample.step))
    case .training(.rolledBack(_, let step, _)): write(TensorBoardEvent.restart(at: time, step: step + 1))
    case .training, .ended, .failed: break
    }
  }

  /// The figures of a point that were measured, by tag.
  static func scalars(_ point: RunPoint) -> [(tag: String, value: Double)] {
    let figures: [(String, Double?)] = [
      ("loss/train", point.trainNats), ("loss/valid", point.validNats),
      ("learning_rate", point.learningRate.map(Double.init)), ("gradient_norm", point.gradientNorm),
      ("tokens_per_second", point.tokensPerSecond),
    ]
    return figures.compactMap { tag, value in value.map { (tag, $0) } }
  }

  private func settings(_ description: RunDescription) -> String {
    TensorBoardWriter.literal(
      "\(description.program)\nmodel: \(SnakeCaseJSON.text(description.settings))\n"
        + "training: \(SnakeCaseJSON.text(description.training))\ncorpus: \(description.corpus.name)\n"
        + "parameters: \(description.parameters)")
  }

  /// Text as it is, in Markdown: indented by four spaces. Lines are split by scalars, because CR LF is one character.
  static func literal(_ text: String) -> String {
    text.unicodeScalars.split(separator: "\n", omittingEmptySubsequences: false).map { "    " + String($0) }
      .joined(separator: "\n")
  }

  private func write(_ event: [UInt8]) {
    guard error == nil else { return }
    do throws(FileError) { try file.append(RecordFraming.record(event)) } catch { self.error = error }
  }
}
