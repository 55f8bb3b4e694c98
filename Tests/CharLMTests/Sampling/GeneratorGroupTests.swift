import CharLM
import CharLMText
import RecurrentNN
import Testing

/// Streams that come and go.
@Suite struct GeneratorGroupTests {
  /// A stream as it is asked for, and how many tokens of it are wanted.
  private struct Wanted {
    let tokens: [TokenID]
    let sampling: SamplingSettings
    let randomSeed: UInt64
    let count: Int
  }

  private func wanted(_ count: Int, _ random: inout SeededGenerator) -> [Wanted] {
    (0..<count).map { number in
      // Some begin alike.
      let shared: [TokenID] = Bool.random(using: &random) ? [4, 5, 6, 7, 8] : []
      let own = (0..<Int.random(in: 1...9, using: &random)).map { _ in TokenID.random(in: 0..<18, using: &random) }
      let sampling =
        [
          SamplingSettings(), SamplingSettings(temperature: 1, topK: 5),
          SamplingSettings(minP: 0.1, repeatPenalty: 1.2),
        ]
        .randomElement(using: &random) ?? SamplingSettings()
      return Wanted(
        tokens: shared + own, sampling: sampling, randomSeed: UInt64(number),
        count: Int.random(in: 1...60, using: &random))
    }
  }

  private func alone(_ wanted: Wanted, _ predictor: some Predictor, _ precision: StreamPrecision) -> [TokenID] {
    var generator = Generator(
      predictor, sampling: wanted.sampling, randomSeed: wanted.randomSeed, precision: precision)
    for token in wanted.tokens { generator.read(token) }
    return (0..<wanted.count).map { _ in generator.next() }
  }

  /// Lets streams come and go, pause and resume at random times, and gives what each has written.
  private func written(_ all: [Wanted], by group: GeneratorGroup, _ random: inout SeededGenerator) -> [[TokenID]] {
    var (next, numbers, written) = (0, [GeneratorGroup.ID: Int](), [[TokenID]](repeating: [], count: all.count))
    var paused: Set<GeneratorGroup.ID> = []
    while next < all.count || !numbers.isEmpty {
      if Int.random(in: 0..<3, using: &random) == 0, let id = numbers.keys.first(where: { !paused.contains($0) }) {
        paused.insert(id)
        group.pause(id)
      }
      while let id = paused.first, group.count < group.capacity, Int.random(in: 0..<2, using: &random) == 0 {
        paused.remove(id)
        group.resume(id)
      }
      while next < all.count, group.count < group.capacity,
        numbers.isEmpty || Int.random(in: 0..<4, using: &random) == 0
      {
        let stream = all[next]
        numbers[group.add(stream.tokens, sampling: stream.sampling, randomSeed: stream.randomSeed)] = next
        next += 1
      }
      for step in group.step() {
        guard let number = numbers[step.id] else { continue }
        written[number].append(step.token)
        guard written[number].count == all[number].count else { continue }
        group.remove(step.id)
        numbers[step.id] = nil
      }
    }
    #expect(group.count == 0)
    return written
  }

  @Test(
    "streams that come and go at any step write what each writes alone", arguments: CellKind.allCases,
    StreamPrecision.allCases)
  func comingAndGoing(_ cell: CellKind, _ precision: StreamPrecision) throws {
    var random = SeededGenerator(seed: 5)
    let all = wanted(30, &random)
    for (layerNorm, rounds) in [(false, 0), (true, 0), (false, 2)] {
      let model = try TestModel.language(cell, layerNorm: layerNorm, mogrifierRounds: rounds, hidden: 72)
      let expected = all.map { alone($0, model, precision) }
      for threadCount in [1, 2] {
        let group = GeneratorGroup(model, capacity: 6, precision: precision, threadCount: threadCount)
        let written = written(all, by: group, &random)
        for (number, stream) in expected.enumerated() {
          #expect(written[number] == stream, "stream \(number), \(threadCount) threads")
        }
      }
    }
  }

  @Test("so do those of an ensemble, of a predictor that is no network, and of one stream at a time")
  func otherPredictors() throws {
    var random = SeededGenerator(seed: 6)
    let all = wanted(12, &random)
    let models = try [3, 4].map { (name: "\($0)", model: try TestModel.language(.lstm, seed: $0)) }
    func check(_ predictor: some Predictor) {
      for capacity in [1, 5] {
        let group = GeneratorGroup(predictor, capacity: capacity, precision: .bfloat16)
        #expect(written(all, by: group, &random) == all.map { alone($0, predictor, .bfloat16) })
      }
    }
    check(try Ensemble(models))
    check(Disguised(model: models[0].model))
  }

  @Test("streams may be added and removed by other threads while steps run")
  func threads() async throws {
    let group = GeneratorGroup(try TestModel.language(.gru), capacity: 8)
    let first = group.add([4], randomSeed: 1)
    await withTaskGroup(of: Void.self) { tasks in
      for number in 0..<4 as Range<UInt64> {
        tasks.addTask {
          for _ in 0..<50 {
            let id = group.add([5, 6], randomSeed: number)
            group.remove(id)
          }
        }
      }
      tasks.addTask {
        for _ in 0..<300 { #expect(group.step().contains { $0.id == first }) }
      }
    }
    #expect(group.count == 1)
    group.remove(first)
    group.remove(first)
    #expect(group.step().isEmpty)
  }

  @Test("a stream goes on from where a generator stands")
  func afterGenerator() throws {
    let model = try TestModel.language(.lstm)
    var generator = Generator(model, sampling: SamplingSettings(temperature: 0), randomSeed: 1, precision: .int8)
    for token in [4, 9, 9] as [TokenID] { generator.read(token) }
    let group = GeneratorGroup(model, capacity: 3, precision: .int8)
    let other = group.add([7, 8], randomSeed: 2)
    _ = group.step()
    let id = group.add(after: generator, randomSeed: 3)
    var written: [TokenID] = []
    while written.count < 20 { written += group.step().filter { $0.id == id }.map(\.token) }
    #expect(written == (0..<written.count).map { _ in generator.next() })
    #expect(group.count == 2 && other != id)
  }

  // MARK: Queues of samples

  @Test("samples come in order, the same texts as alone, with stop texts, documents and shapes")
  func queues() throws {
    let model = try TestModel.language(.gru)
    let seed = try SampleSeed("ab", for: model)
    let sampling = SamplingSettings(temperature: 1)
    let shapes: [(any TextConstraint)?] = [
      nil, try ExpressionConstraint(TextExpression("([a-h]+i)+j?")),
      try ExpressionConstraint(TextExpression("(?=a)[a-p]+b")),
      try GrammarConstraint(Grammar("root ::= \"a\" root \"b\" | [c-p]{1,3}")),
    ]
    for (number, shape) in shapes.enumerated() {
      for (stops, documents) in [([], nil), (["c", "de"], nil), ([], 2)] as [([String], Int?)] {
        if shape != nil, !stops.isEmpty || documents != nil { continue }
        func queue(_ randomSeed: UInt64, _ capacity: Int) throws -> SampleQueue {
          try SampleQueue(
            model, constraint: shape, seed: seed, length: 40, documents: documents, stops: stops, sampling: sampling,
            randomSeed: randomSeed, capacity: capacity, precision: .int8, candidateCount: 1)
        }
        let together = try queue(10, 7)
        for place in 0..<25 {
          let alone = try queue(10 + UInt64(place), 1).next(of: 1)
          #expect(try together.next(of: 25 - place) == alone, "shape \(number), sample \(place)")
          if shape == nil { #expect(alone?.randomSeed == 10 + UInt64(place)) }
        }
      }
    }
  }

  @Test("a sample of no token is its seed; no more are begun than are asked for")
  func empty() throws {
    let model = try TestModel.language(.rnn)
    let queue = try SampleQueue(model, seed: try SampleSeed("abc", for: model), length: 0, randomSeed: 1)
    #expect(try queue.next(of: 2)?.text == "abc" && queue.next(of: 1)?.tokenCount == 0)
  }
}
