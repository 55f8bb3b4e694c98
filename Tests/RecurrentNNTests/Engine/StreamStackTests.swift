import RecurrentNN
import TestSupport
import Testing

/// The engine of sampling against that of training.
@Suite struct StreamStackTests {
  struct Case: CustomTestStringConvertible {
    let cell: CellKind
    let nonlinearity: Nonlinearity
    let hidden: Int
    let hasBias: Bool
    var isNormalized = false
    var rounds = 0
    var testDescription: String {
      "\(cell) \(nonlinearity), H = \(hidden), bias \(hasBias), normalized \(isNormalized), \(rounds) mogrifier rounds"
    }
  }

  /// Sizes of one group, of several, and of groups that are not full.
  static let cases = [CellKind.lstm, .gru, .rnn].flatMap { cell in
    [5, 40, 140].flatMap { hidden in
      [(true, false, 0), (false, false, 0), (true, true, 0), (true, false, 1), (true, true, 4)].map {
        hasBias, isNormalized, rounds in
        Case(
          cell: cell, nonlinearity: hidden == 40 ? .relu : .tanh, hidden: hidden, hasBias: hasBias,
          isNormalized: isNormalized, rounds: rounds)
      }
    }
  }
  static let tokenCount = 9

  @Test("streams compute what a stack computes, whatever the team", arguments: cases)
  func values(_ problem: Case) {
    let network = Network(problem)
    let tokens = network.tokens(rowCount: 3, timeStepCount: 7)
    let expected = network.trained(tokens)
    for size in [1, 2, 3] {
      let outputs = network.streamed(tokens, teamSize: size)
      #expect(relativeError(outputs, expected) <= 1e-5, "a team of \(size)")
      #expect(outputs == network.streamed(tokens, teamSize: 1), "a team of \(size) and one member alone")
    }
  }

  @Test("a stream's bits do not depend on how many run beside it", arguments: cases, StreamPrecision.allCases)
  func rowIndependence(_ problem: Case, precision: StreamPrecision) {
    let network = Network(problem)
    let tokens = network.tokens(rowCount: 11, timeStepCount: 4)
    let together = network.streamed(tokens, teamSize: 2, precision: precision)
    for row in [0, 10] {
      let alone = network.streamed(tokens.map { [$0[row]] }, teamSize: 1, precision: precision)
      for step in tokens.indices {
        let (H, first) = (problem.hidden, (step * 11 + row) * problem.hidden)
        #expect(
          Array(together[first..<first + H]) == Array(alone[step * H..<(step + 1) * H]), "row \(row), step \(step)")
      }
    }
  }

  @Test("weights in bfloat16 and in integers stay near", arguments: cases, [StreamPrecision.bfloat16, .int8])
  func narrowWeights(_ problem: Case, precision: StreamPrecision) {
    let network = Network(problem)
    let tokens = network.tokens(rowCount: 2, timeStepCount: 5)
    let (wide, narrow) = (
      network.streamed(tokens, teamSize: 1), network.streamed(tokens, teamSize: 1, precision: precision)
    )
    #expect(wide != narrow)
    #expect(narrow == network.streamed(tokens, teamSize: 2, precision: precision))
    // What is normalized is divided by its deviation, and its error with it.
    let tolerance = precision == .bfloat16 ? 0.02 : 0.06  // 8 bits of a row's largest, not of each number
    #expect(relativeError(narrow, wide) <= (problem.isNormalized ? 2 * tolerance : tolerance))
  }

  @Test("tokens that give way to others are made again", arguments: cases)
  func fewTokensKept(_ problem: Case) {
    let network = Network(problem)
    let tokens = network.tokens(rowCount: 2, timeStepCount: 40)
    #expect(network.streamed(tokens, teamSize: 2, keptTokenCount: 2) == network.streamed(tokens, teamSize: 1))
  }

  @Test("a stream that is reset goes on as a new one; a copy of a state goes on by itself", arguments: cases)
  func states(_ problem: Case) {
    let network = Network(problem)
    let team = Team(size: 2)
    let stack = network.streams(rowCount: 2, team: team)
    func step(_ tokens: [Int32], _ state: StreamState) -> [Float] { Network.step(stack, team, tokens, state) }
    let (state, fresh) = (StreamState(of: stack), StreamState(of: stack))
    _ = step([1, 2], state)
    _ = step([3, 4], state)
    let copy = state.copy()
    stack.reset(row: 1, state)
    let (afterReset, afterCopy) = (step([5, 6], state), step([5, 6], copy))
    let H = problem.hidden
    #expect(Array(afterReset[H...]) == Array(step([0, 6], fresh)[H...]))
    #expect(Array(afterReset[..<H]) == Array(afterCopy[..<H]))
    #expect(Array(afterReset[H...]) != Array(afterCopy[H...]))
    state.reset()
    fresh.reset()
    #expect(step([7, 7], state) == step([7, 7], fresh))
    // The streams look at its embedding.
    withExtendedLifetime(network) {}
  }

  @Test("streams come and go among others, and go on in another state, with the same bits", arguments: cases)
  func rows(_ problem: Case) {
    let network = Network(problem)
    let (team, H) = (Team(size: 2), problem.hidden)
    let (stack, single) = (network.streams(rowCount: 5, team: team), network.streams(rowCount: 1, team: team))
    let (state, alone) = (StreamState(of: stack), StreamState(of: single))
    state.rowCount = 3
    for tokens in [[1, 2, 3], [4, 5, 6]] as [[Int32]] { _ = Network.step(stack, team, tokens, state) }
    for token in [2, 5] as [Int32] { _ = Network.step(single, team, [token], alone) }
    let saved = Buffer<Float>(count: stack.rowStateSize)
    stack.save(row: 1, state, to: saved.view)
    // It takes the place of the first; the last one leaves, and a new one comes.
    stack.load(row: 0, state, from: saved.view)
    state.rowCount = 2
    let two = Network.step(stack, team, [7, 7], state)
    let expected = Network.step(single, team, [7], alone)
    #expect(two.count == 2 * H && Array(two[..<H]) == expected && Array(two[H...]) == expected)
    state.rowCount = 4
    stack.reset(row: 3, state)
    let fresh = StreamState(of: single)
    single.load(row: 0, fresh, from: saved.view)
    #expect(Network.step(single, team, [7], fresh) == expected)
    fresh.reset()
    #expect(
      Array(Network.step(stack, team, [8, 1, 2, 3], state)[(3 * H)...]) == Network.step(single, team, [3], fresh))
    withExtendedLifetime(network) {}
  }

  @Test(
    "parameters that have changed are those of a new stack from the next refresh on",
    arguments: cases,
    StreamPrecision.allCases)
  func refresh(_ problem: Case, _ precision: StreamPrecision) {
    let network = Network(problem)
    let tokens = network.tokens(rowCount: 2, timeStepCount: 3)
    let team = Team(size: 1)
    let stack = network.streams(rowCount: 2, team: team, precision: precision)
    func outputs(_ stack: StreamStack) -> [Float] {
      let state = StreamState(of: stack)
      return tokens.flatMap { Network.step(stack, team, $0, state) }
    }
    let before = outputs(stack)
    for index in 0..<network.store.flat.count { network.store.flat[index] *= 0.75 }
    stack.refresh()
    let after = outputs(stack)
    #expect(
      after != before
        && after == outputs(network.streams(rowCount: 2, team: team, precision: precision)))
  }

  private struct Network {
    let shape: RecurrentShape
    let store: ParameterStore
    let embedding: Matrix
    private let rows: Buffer<Float>

    init(_ problem: Case) {
      var shape = RecurrentShape(
        cell: problem.cell, nonlinearity: problem.nonlinearity, inputSize: 6, hiddenSize: problem.hidden, layerCount: 2,
        hasBias: problem.hasBias)
      shape.hasLayerNorm = problem.isNormalized
      shape.mogrifierRounds = problem.rounds
      self.shape = shape
      store = ParameterStore(shape.parameterShapes(prefix: ""))
      var random = SeededGenerator(seed: 4)
      store.initializeRecurrent(shape, prefix: "", forgetBias: 1, using: &random)
      for name in store.layouts.map(\.name) where name.hasPrefix("ln_") {
        store.view(named: name).fillNormal(mean: 0.5, deviation: 0.2, using: &random)
      }
      rows = Buffer(count: StreamStackTests.tokenCount * 6)
      rows.view.fillNormal(using: &random)
      embedding = rows.view.matrix(StreamStackTests.tokenCount, 6)
    }

    /// By step, then by row.
    func tokens(rowCount: Int, timeStepCount: Int) -> [[Int32]] {
      var random = SeededGenerator(seed: 5)
      return (0..<timeStepCount).map { _ in
        (0..<rowCount).map { _ in Int32.random(in: 0..<Int32(StreamStackTests.tokenCount), using: &random) }
      }
    }

    /// h of the last layer for every step and row, by the engine of training.
    func trained(_ tokens: [[Int32]]) -> [Float] {
      let (rowCount, batchSize) = (tokens.count * tokens[0].count, tokens[0].count)
      let capacity = Capacity(rowCount: rowCount, batchSize: batchSize, tableSize: StreamStackTests.tokenCount)
      let weights = StackWeights(store, shape, prefix: "", plan: PackingPlan(capacity: capacity, isTrained: false))
      for task in weights.refreshTasks { task() }
      let stack = RecurrentStack(weights: weights, capacity: capacity)
      let index = Buffer<Int32>(count: rowCount)
      index.view.copy(from: tokens.flatMap(\.self))
      var walk = Walk()
      walk.setUniform(timeStepCount: tokens.count, batchSize: batchSize)
      stack.forward(walk, input: LayerInput(rows: embedding, index: index.view), dropout: nil)
      return stack.output(walk).view.array
    }

    func streams(rowCount: Int, team: Team, precision: StreamPrecision = .float32, keptTokenCount: Int? = nil)
      -> StreamStack
    {
      StreamStack(
        store, shape, prefix: "", embedding: embedding, rowCount: rowCount, precision: precision, team: team,
        keptTokenCount: keptTokenCount)
    }

    /// The same by the engine of sampling.
    func streamed(
      _ tokens: [[Int32]], teamSize: Int, precision: StreamPrecision = .float32, keptTokenCount: Int? = nil
    ) -> [Float] {
      let team = Team(size: teamSize)
      let stack = streams(
        rowCount: tokens[0].count, team: team, precision: precision, keptTokenCount: keptTokenCount)
      let state = StreamState(of: stack)
      return tokens.flatMap { Network.step(stack, team, $0, state) }
    }

    static func step(_ stack: StreamStack, _ team: Team, _ tokens: [Int32], _ state: StreamState) -> [Float] {
      let read = Buffer<Int32>(count: tokens.count)
      read.view.copy(from: tokens)
      stack.read(read.view)
      team.run { stack.step(member: $0, state) }
      let output = stack.output(state).view.array
      stack.advance(state)
      return output
    }
  }
}

@Suite struct TeamPaceTests {
  /// How often a pace chose the caller alone, of `count` pieces of work that take so many microseconds each way.
  private func aloneCount(_ pace: TeamPace, _ count: Int, together: (Int) -> Double, alone: Double) -> Int {
    (0..<count).count { number in
      let isAlone = pace.isAlone
      pace.note(seconds: (isAlone ? alone : together(number)) * 1e-6)
      return isAlone
    }
  }

  @Test("where a team is faster, the caller is alone in a few trials only")
  func idleMachine() {
    #expect(aloneCount(TeamPace(), 100_000, together: { _ in 20 }, alone: 30) < 2000)
  }

  @Test("where a team is slower, it is tried rarely, and the more rarely the longer")
  func smallSteps() {
    let pace = TeamPace()
    _ = aloneCount(pace, 10_000, together: { _ in 40 }, alone: 10)
    let togetherCount = 100_000 - aloneCount(pace, 100_000, together: { _ in 40 }, alone: 10)
    #expect((1..<1000).contains(togetherCount))
  }

  @Test("beside a program that takes a member's core, waits for it cost little")
  func neighbour() {
    // Every 200th step together waits 3 ms: 35 microseconds on average, though most take 20.
    let pace = TeamPace()
    var (seconds, count) = (0.0, 0)
    while count < 200_000 {
      let step = pace.isAlone ? 30e-6 : count % 200 == 0 ? 3e-3 : 20e-6
      pace.note(seconds: step)
      seconds += step
      count += 1
    }
    #expect(seconds < 1.1 * 200_000 * 30e-6)
  }

  @Test("when the others leave, the team works together again")
  func recovery() {
    let pace = TeamPace()
    _ = aloneCount(pace, 100_000, together: { _ in 300 }, alone: 30)
    _ = aloneCount(pace, 100_000, together: { _ in 20 }, alone: 30)
    #expect(aloneCount(pace, 10_000, together: { _ in 20 }, alone: 30) < 1000)
  }

  @Test("a team's work comes to the same, however many take part")
  func alone() {
    let (team, pace, counts) = (Team(size: 3), TeamPace(), Buffer<Int>(count: 90))
    for _ in 0..<2000 {
      team.run(pace) { member in
        for place in team.part(member, of: 90) { counts.view[place] += 1 }
        team.barrier()
      }
    }
    #expect(counts.view.array.allSatisfy { $0 == 2000 })
  }
}

@Suite struct TeamTests {
  @Test("every member takes part in every round, and none passes a barrier before all are there", arguments: [1, 2, 5])
  func rounds(size: Int) {
    let team = Team(size: size)
    let (first, second) = (Buffer<Int>(count: size), Buffer<Int>(count: size))
    for round in 1...2000 {
      team.run { member in
        first.view[member] += 1
        team.barrier()
        second.view[member] = (0..<size).reduce(0) { $0 + first.view[$1] }
      }
      #expect(second.view.array.allSatisfy { $0 == round * size }, "round \(round)")
    }
  }

  @Test("members that fell asleep wake up")
  func sleep() async throws {
    let team = Team(size: 3)
    let counts = Buffer<Int>(count: 3)
    for _ in 0..<3 {
      try await Task.sleep(for: .milliseconds(20))
      team.run { counts.view[$0] += 1 }
    }
    #expect(counts.view.array == [3, 3, 3])
  }
}
