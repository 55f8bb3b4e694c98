import RecurrentNN
import Testing

@Suite struct LearningRateScheduleTests {
  @Test("a cosine falls from the peak to its floor, half way at half time")
  func cosine() {
    let schedule = LearningRateSchedule(peak: 2, floor: 0.1)
    for (progress, expected) in [(0, 2), (0.5, 1.1), (1, 0.2), (1.5, 0.2), (-1, 2)] as [(Double, Float)] {
      #expect(abs(schedule.rate(step: 10, progress: progress) - expected) <= 1e-6, "progress \(progress)")
    }
  }

  @Test("a warm-up rises in equal steps and ends at the course")
  func warmup() {
    let schedule = LearningRateSchedule(kind: .constant, peak: 1, warmupStepCount: 4)
    #expect((0..<6).map { schedule.rate(step: $0, progress: 0) } == [0.25, 0.5, 0.75, 1, 1, 1])
  }
}

@Suite struct OtherScheduleTests {
  @Test("steps fall by the factor at each period, as StepLR")
  func steps() {
    let schedule = StepSchedule(initial: 0.8, period: 3, factor: 0.5)
    #expect((0..<7).map { schedule.rate(step: $0) } == [0.8, 0.8, 0.8, 0.4, 0.4, 0.4, 0.2])
  }

  @Test("an exponential falls by the factor at each step, as ExponentialLR")
  func exponential() {
    let schedule = ExponentialSchedule(initial: 1, factor: 0.5)
    #expect((0..<4).map { schedule.rate(step: $0) } == [1, 0.5, 0.25, 0.125])
  }
}
