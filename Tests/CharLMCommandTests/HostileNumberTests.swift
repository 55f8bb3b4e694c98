import CharLMFiles
import CharLMText
import Foundation
import RecurrentNN
import TestSupport
import Testing

@testable import CharLM
@testable import CharLMCommand
@testable import CharLMData
@testable import CharLMTraining

/// Files of strangers: each number of the metadata of a model and of a state, one after the other, replaced by values that
/// arithmetic could trap on. Either the file is refused, or everything that reads it works.
@Suite struct HostileNumberTests {
  private static let values = [
    "0", "-1", "1", "1.5", "1e300", "-1e300", "1e-320", "2147483648", "4294967296", "9007199254740993",
    "9223372036854775807", "-9223372036854775808",
  ]

  private static func makeRun(_ folder: WorkFolder) throws -> TrainingRun {
    try folder.file("corpus.txt", TestCorpus.words(300))
    let corpus = try Corpus(
      paths: [folder("corpus.txt")], settings: TextSettings(unit: .scalar, minimumCount: 2, vocabularySize: 40),
      validation: .fraction(0.1))
    var settings = TrainingSettings(
      batch: 4, bptt: 12, length: .steps(4), optimizer: OptimizerSettings(kind: .adamw),
      schedule: LearningRateSchedule(peak: 0.01), randomSeed: 7, validationInterval: 2, validationTokenLimit: 50,
      patience: 3, timeLimit: 1000)
    settings.averageDecay = 0.5
    return TrainingRun(
      TrainingData(corpus), network: NetworkSettings(cell: .lstm, layers: 1, hidden: 8, embedding: 4, dropout: 0.1),
      settings: settings, modelPath: folder("run.safetensors"), threadCount: 1)
  }

  /// The text of JSON with each of its numbers replaced in turn.
  private static func mutations(_ json: String) -> [(text: String, value: String, before: String)] {
    let bytes = Array(json.utf8)
    var found: [Range<Int>] = []
    var (offset, isInString) = (0, false)
    while offset < bytes.count {
      let byte = bytes[offset]
      if byte == UInt8(ascii: "\"") { isInString.toggle() }
      if byte == UInt8(ascii: "\\") { offset += 1 }
      let start = offset
      while !isInString, offset < bytes.count, "-+.0123456789eE".utf8.contains(bytes[offset]),
        offset > start || "-0123456789".utf8.contains(bytes[offset])
      {
        offset += 1
      }
      if offset > start { found.append(start..<offset) } else { offset += 1 }
    }
    return found.flatMap { place in
      values.map { value in
        (
          String(decoding: bytes[..<place.lowerBound] + Array(value.utf8) + bytes[place.upperBound...], as: UTF8.self),
          value, String(decoding: bytes[..<place.lowerBound].suffix(24), as: UTF8.self)
        )
      }
    }
  }

  private static func train(_ run: TrainingRun, until step: Int) throws {
    _ = try run.run(clock: { 0 }, isInterrupted: { run.trainer.stepCount >= step }, observe: { _ in })
  }

  @Test("a model with any number replaced is refused, or described, sampled and evaluated")
  func models() throws {
    let folder = try WorkFolder()
    try Self.train(try Self.makeRun(folder), until: 4)
    let whole = try Safetensors.read(path: folder("run.safetensors"))
    var (readCount, refusedCount) = (0, 0)
    for key in ["model", "text", "training"] {
      for mutation in Self.mutations(whole.metadata[key] ?? "") {
        var file = whole
        file.metadata[key] = mutation.text
        try file.write(to: folder("m.safetensors"))
        do {
          let found = try ModelLookup.read(folder("m.safetensors"), kind: nil)
          #expect(!ModelReport(found).text.isEmpty)
          let model = try #require(LanguageModel(found.model))
          let corpus = try ValidationPlaces.corpus(of: model, path: found.path, storage: TokenStorage())
          _ = try ValidationPlaces.text(of: corpus, model, path: found.path)
          readCount += 1
        } catch {
          let failure = try #require(CommandFailure(anyError: error), "\(mutation): \(error)")
          #expect(!failure.what.isEmpty)
          refusedCount += 1
        }
      }
    }
    #expect(readCount > 50 && refusedCount > 200, "\(readCount) read, \(refusedCount) refused")
  }

  @Test("a state with any number replaced is refused, or the run goes on")
  func states() throws {
    let folder = try WorkFolder()
    try Self.train(try Self.makeRun(folder), until: 3)
    let whole = try Safetensors.read(path: folder("run.state"))
    var (readCount, refusedCount) = (0, 0)
    for key in ["model", "text", "training", "progress"] {
      for mutation in Self.mutations(whole.metadata[key] ?? "") {
        var file = whole
        file.metadata[key] = mutation.text
        try file.write(to: folder("run.state"))
        do {
          let run = try TrainingRun(resuming: folder("run.safetensors"), threadCount: 1)
          let step = run.trainer.stepCount
          try Self.train(run, until: step + 1)
          readCount += 1
        } catch {
          let failure = try #require(CommandFailure(anyError: error), "\(mutation): \(error)")
          #expect(!failure.what.isEmpty)
          refusedCount += 1
        }
      }
    }
    #expect(readCount > 50 && refusedCount > 200, "\(readCount) read, \(refusedCount) refused")
  }
}
