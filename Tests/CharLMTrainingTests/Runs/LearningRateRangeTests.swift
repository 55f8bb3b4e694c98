@testable import CharLMTraining
import Foundation
import Testing

@Suite("Learning-rate range tests") struct LearningRateRangeTests {
  /// A test whose losses a function of the rate gives.
  private func range(_ nats: (Double) -> Double) -> LearningRateRange {
    var range = LearningRateRange()
    while let rate = range.nextRate { range.note(nats: nats(Double(rate))) }
    return range
  }

  @Test("rates rise by one factor from the lowest to the highest")
  func rates() throws {
    let points = range { _ in 1 }.points
    #expect(points.count == 150)
    #expect(points[0].rate == 1e-5 && abs(points[149].rate - 1) < 1e-6)
    let factors = zip(points, points.dropFirst()).map { $1.rate / $0.rate }
    #expect(try #require(factors.max()) - #require(factors.min()) < 1e-4)
    #expect(points.allSatisfy { abs($0.smoothedNats - 1) < 1e-12 })
  }

  @Test("the suggestion is a quarter of the rate of the lowest loss, in two digits")
  func suggestion() throws {
    let range = range { rate in 2 + 0.3 * pow(log10(rate) - log10(0.02), 2) }
    let minimum = try #require(range.minimum)
    // A step is a factor of 1.08; of a parabola the means' lowest point is the parabola's.
    #expect(abs(minimum.smoothedRate - 0.02) <= 0.0016)
    let suggestion = try #require(range.suggestion)
    #expect(abs(suggestion - minimum.smoothedRate / 4) <= 0.05 * suggestion)
    #expect(suggestion == Float(String(format: "%.1e", suggestion)))
    let steepest = try #require(range.steepest)
    #expect(steepest.smoothedRate < minimum.smoothedRate)
  }

  @Test("a loss of four times the best ends the test, and so does one that is no number")
  func divergence() {
    let grown = range { $0 < 0.1 ? 2 : 100 }
    #expect(grown.hasDiverged && grown.points.count < 130)
    let broken = range { $0 < 0.1 ? 2 : .nan }
    #expect(broken.hasDiverged && broken.nextRate == nil)
    #expect(broken.points.allSatisfy { $0.rate < 0.1 })
  }

  @Test("a test without a step suggests nothing")
  func empty() {
    let range = LearningRateRange()
    #expect(range.suggestion == nil && range.steepest == nil && range.minimum == nil)
  }

  @Test("a step at a given rate is the schedule's step at that rate")
  func step() throws {
    let (one, other) = (TrainerVariant().makeTrainer(), TrainerVariant().makeTrainer())
    for _ in 0..<3 {
      let rate = try one.step().learningRate
      #expect(try other.step(rate: rate).learningRate == rate)
    }
    #expect(one.bits == other.bits)
  }
}
