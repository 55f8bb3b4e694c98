import RecurrentNN
import Testing

@Suite struct WalkTests {
  @Test("a packed walk has as many rows at a step as there are longer sequences")
  func lengths() {
    var walk = Walk()
    walk.set(lengths: [5, 3, 3, 1])
    #expect(walk.batchSizes == [4, 3, 3, 1, 1])
    #expect(walk.offsets == [0, 4, 7, 10, 11, 12])
    #expect(walk.rowCount == 12)
    #expect(walk.batchSize == 4)
    #expect(walk.rows(at: 2) == 7..<10)
  }

  @Test("no sequences make a walk of no steps")
  func empty() {
    var walk = Walk()
    walk.set(lengths: [])
    #expect(walk.timeStepCount == 0 && walk.rowCount == 0 && walk.batchSize == 0)
  }

  @Test("the resets of a step are its own, and a new walk has none")
  func resets() {
    var walk = Walk()
    walk.setUniform(timeStepCount: 4, batchSize: 2)
    for (step, row) in [(0, 1), (2, 1), (2, 0)] { walk.addReset(step: step, row: row) }
    #expect((0..<5).map { walk.resets(at: $0).map(\.row) } == [[1], [], [1, 0], [], []])
    walk.setUniform(timeStepCount: 4, batchSize: 2)
    #expect(walk.resets.isEmpty)
  }

  @Test("neighbours in time are those that neither the first step nor a reset parts")
  func neighbours() {
    var walk = Walk()
    walk.set(lengths: [4, 3, 3, 1])
    for (step, row) in [(0, 1), (1, 0), (2, 2), (2, 1)] { walk.addReset(step: step, row: row) }
    #expect(walk.pairCount == 11 - 4 - 3)
    var runs: [[Range<Int>]] = []
    for step in 0..<4 {
      runs.append([])
      walk.forEachUncutRun(at: step) { runs[step].append($0) }
    }
    #expect(runs == [[0..<1, 2..<4], [1..<3], [0..<1], [0..<1]])
  }
}
