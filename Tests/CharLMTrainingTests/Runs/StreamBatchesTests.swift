import CharLMData
import CharLMText
import RecurrentNN
import Testing

@testable import CharLM
@testable import CharLMTraining

@Suite struct StreamBatchesTests {
  /// A text whose tokens are their own positions.
  struct Streams: Sendable {
    var tokenCount: Int
    var batch: Int
    var bptt: Int
    var shards = 1
    var documentID: TokenID?

    var source: StreamBatches { source(nil) }

    func source(_ teacher: TeacherPredictions?) -> StreamBatches {
      StreamBatches(
        TokenText(TokenSequence((0..<tokenCount).map { TokenID($0) }, vocabularyCount: tokenCount)),
        batchSize: batch, timeStepCount: bptt, documentID: documentID, teacher: teacher)
    }

    func makeShards() -> [NetworkShard] {
      let model = NetworkSettings(cell: .rnn, hidden: 4, embedding: 3)
      let store = NetworkWeights.emptyStore(model, inputVocabulary: tokenCount, outputVocabulary: tokenCount)
      return ShardedNetwork(
        model, store: store, optimizer: OptimizerSettings(), batchSize: batch, timeStepCapacity: bptt,
        shardRange: ShardRange(all: shards), threadCount: 1
      ).shards
    }
  }

  /// Texts that the chunks divide, that they do not, that are as long as one chunk or shorter, with and without
  /// documents.
  static let examples = [
    Streams(tokenCount: 144, batch: 6, bptt: 8), Streams(tokenCount: 144, batch: 6, bptt: 8, shards: 4),
    Streams(tokenCount: 151, batch: 6, bptt: 7, shards: 2, documentID: 20),
    Streams(tokenCount: 8, batch: 2, bptt: 8), Streams(tokenCount: 5, batch: 3, bptt: 8, shards: 2),
    Streams(tokenCount: 9, batch: 1, bptt: 5), Streams(tokenCount: 2, batch: 2, bptt: 3),
    Streams(tokenCount: 37, batch: 1, bptt: 5, documentID: 0),
  ]

  @Test("what teachers predict after a token stands in that token's row", arguments: examples)
  func teacher(_ streams: Streams) throws {
    // They are sure of the token that follows.
    let outcomes = Buffer<SoftTargets.Outcome>(count: streams.tokenCount - 1)
    for place in 0..<outcomes.count {
      outcomes.view[place] = SoftTargets.Outcome(TokenID(place + 1), probability: 1)
    }
    let teacher = TeacherPredictions(outcomes, count: 1, Distillation(teachers: []))
    let (source, shards) = (streams.source(teacher), streams.makeShards())
    for step in 0..<40 {
      _ = try source.fill(shards, step: step)
      for shard in shards {
        let softTargets = try #require(shard.softTargets)
        for row in 0..<shard.targets.count where shard.targets[row] >= 0 {
          #expect(softTargets[row][0].token == Int(shard.targets[row]), "step \(step), row \(row)")
        }
      }
    }
  }

  @Test("an epoch has every token but the first as a target, once")
  func epoch() throws {
    for shardCount in [1, 4] {
      let streams = Streams(tokenCount: 144, batch: 6, bptt: 8, shards: shardCount)
      let (source, shards) = (streams.source, streams.makeShards())
      #expect(source.stepsPerEpoch == 3)
      var targets: [Int32] = []
      for step in 0..<3 {
        let count = try source.fill(shards, step: step)
        let filled = shards.flatMap { $0.targets.array }.filter { $0 >= 0 }
        #expect(count == filled.count, "step \(step), \(shardCount) shards")
        targets += filled
      }
      #expect(targets.sorted() == (1..<144).map { Int32($0) }, "\(shardCount) shards")
    }
  }

  @Test("as many steps as tokens have every token but the first as a target equally often", arguments: examples)
  func everyToken(_ streams: Streams) throws {
    let (source, shards) = (streams.source, streams.makeShards())
    var counts = [Int](repeating: 0, count: streams.tokenCount)
    for step in 0..<streams.tokenCount {
      let count = try source.fill(shards, step: step)
      let filled = shards.flatMap { $0.targets.array }.filter { $0 >= 0 }
      #expect(count == filled.count, "step \(step)")
      for target in filled { counts[Int(target)] += 1 }
    }
    #expect(counts == [0] + [Int](repeating: streams.batch * streams.bptt, count: streams.tokenCount - 1))
  }

  @Test("a target is the token that follows, and a chunk goes on where the one before ended", arguments: examples)
  func order(_ streams: Streams) throws {
    let (source, shards) = (streams.source, streams.makeShards())
    var expected: [Int] = (0..<streams.batch).map { $0 * streams.tokenCount / streams.batch }
    for step in 0..<50 {
      _ = try source.fill(shards, step: step)
      for shard in shards {
        let size = shard.capacity.batchSize
        #expect(shard.walk.batchSizes == [Int](repeating: size, count: streams.bptt))
        for place in 0..<shard.walk.rowCount {
          let stream = shard.firstRow + place % size
          let token = Int(shard.tokens[place])
          #expect(token == expected[stream], "stream \(stream), step \(step)")
          expected[stream] = (token + 1) % streams.tokenCount
          let target = token == streams.tokenCount - 1 ? -1 : token + 1
          #expect(Int(shard.targets[place]) == target, "stream \(stream), step \(step)")
        }
      }
    }
  }

  @Test("the state is reset where the text begins and at each document token, nowhere else", arguments: examples)
  func resets(_ streams: Streams) throws {
    let (source, shards) = (streams.source, streams.makeShards())
    for step in 0..<50 {
      _ = try source.fill(shards, step: step)
      for shard in shards {
        let size = shard.capacity.batchSize
        let expected = (0..<shard.walk.rowCount).filter { place in
          shard.tokens[place] == 0 || shard.tokens[place] == streams.documentID
        }.map { Walk.Reset(step: $0 / size, row: $0 % size) }
        #expect(shard.walk.resets == expected, "step \(step)")
      }
    }
  }

  @Test("a chunk is a function of the step's number alone")
  func resumable() throws {
    let streams = Streams(tokenCount: 151, batch: 6, bptt: 7, shards: 2, documentID: 20)
    let (source, shards) = (streams.source, streams.makeShards())
    for step in 0..<60 { _ = try source.fill(shards, step: step) }
    let late = streams.makeShards()
    _ = try streams.source.fill(late, step: 59)
    for (a, b) in zip(shards, late) {
      #expect(a.tokens.array == b.tokens.array && a.targets.array == b.targets.array && a.walk.resets == b.walk.resets)
    }
  }

  @Test("jittered chunks go on where the one before ended, and a step's chunk is a function of its number")
  func jitter() throws {
    let tokens = TokenText(TokenSequence((0..<151).map { TokenID($0) }, vocabularyCount: 151))
    func source() -> StreamBatches {
      StreamBatches(tokens, batchSize: 3, timeStepCount: 9, documentID: nil, jitterSeed: 5)
    }
    let shards = Streams(tokenCount: 151, batch: 3, bptt: 9).makeShards()
    let (inOrder, once) = (source(), source())
    var expected = (0..<3).map { $0 * 151 / 3 }
    var lengths: [Int] = []
    for step in 0..<200 {
      _ = try inOrder.fill(shards, step: step)
      let walk = shards[0].walk
      lengths.append(walk.timeStepCount)
      #expect((0..<3).map { Int(shards[0].tokens[$0]) } == expected.map { $0 % 151 }, "step \(step)")
      expected = expected.map { $0 + walk.timeStepCount }
    }
    #expect(Set(lengths) == Set(5...9))
    #expect(abs(Double(lengths.reduce(0, +)) / 200 - 7) < 0.4)
    #expect(abs(inOrder.stepsPerEpoch - 151 / (3 * 7.0)) < 1e-12)
    // Also when a step is asked for out of order.
    for step in [150, 3, 199, 0] {
      _ = try once.fill(shards, step: step)
      #expect(shards[0].walk.timeStepCount == lengths[step])
      #expect(Int(shards[0].tokens[0]) == lengths[..<step].reduce(0, +) % 151, "step \(step)")
      #expect(once.rateFactor(step: step) == Float(Double(lengths[step]) / 7))
    }
  }
}
