import CharLMFiles
import CharLMText
import TestSupport
import Testing

@testable import CharLMData
@testable import CharLMTraining

@Suite struct ShrinkingTokenFileTests {
  @Test("a token file that shrinks is an error of training and of evaluation, not a crash")
  func shrunk() throws {
    let folder = try ScratchFolder()
    let vocabularyCount = TrainerVariant.vocabularyCount
    let writer = try TokenFileWriter(in: folder.path, vocabularyCount: vocabularyCount)
    let tokens = (0..<4 * vocabularyCount).map { TokenID($0 * 7919 % vocabularyCount) }
    try writer.append(TokenSequence(tokens, vocabularyCount: vocabularyCount))
    var description = TokenFileDescription(
      corpus: CorpusRecord(), requested: TextSettings(), isAutomatic: false, isVocabularyGiven: false,
      text: TextSettings(),
      vocabulary: try Vocabulary(
        tokens: (0..<vocabularyCount).map { Token("\(Character(UnicodeScalar(UInt8(0x41 + $0))))") }),
      unicodeVersion: "15.0", onUnknown: .error)
    description.trainTokenCount = tokens.count
    let text = TokenText(try writer.finish(description, as: folder("t.tokens")))
    let trainer = TrainerVariant(batch: 4, bptt: 10).makeTrainer()
    let batches = StreamBatches(text, batchSize: 4, timeStepCount: 10, documentID: nil)
    #expect(try batches.fill(trainer.shardedNetwork.shards, step: 0) == 40)
    #expect(truncateFile(folder("t.tokens"), to: 16 + 40) == 0)
    #expect(throws: TokenFileError.self) { try batches.fill(trainer.shardedNetwork.shards, step: 0) }
    #expect(throws: TokenFileError.self) { try trainer.makeEvaluator().stateful(text, documentID: nil) }
  }
}
