import RecurrentNN
import Testing

@Suite struct WorkerPoolTests {
  @Test("every task runs once, whatever the number of threads", arguments: [1, 2, 4], [0, 1, 3, 100])
  func everyTask(threadCount: Int, taskCount: Int) {
    let pool = WorkerPool(threadCount: threadCount)
    for round in 0..<20 {
      let counts = Buffer<Int32>(count: taskCount)
      pool.run(taskCount) { counts.view[$0] += 1 }
      #expect(counts.view.array.allSatisfy { $0 == 1 }, "\(threadCount) threads, \(taskCount) tasks, round \(round)")
    }
  }

  @Test("a pool that is let go has ended its threads")
  func end() {
    for threadCount in 1...4 { _ = WorkerPool(threadCount: threadCount) }
  }
}
