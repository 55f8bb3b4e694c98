@testable import CharLMFiles
@testable import CharLMTraining
@testable import LinePlot
@testable import TrainingWatch

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

// Files about runs: logs, and vectors to begin with.

extension FuzzTarget {
  /// A log that is accepted is drawn over each axis, in numbers that a picture can hold.
  static let log = FuzzTarget(
    name: "log",
    read: { input in
      let log = try RunLog(input, source: "input")
      require(!log.points.isEmpty, "no points")
      for (earlier, later) in zip(log.points, log.points.dropFirst()) {
        require(earlier.step < later.step, "step \(later.step) after \(earlier.step)")
      }
      for axis in RunPlot.Horizontal.allCases {
        let plot = RunPlot("input", runs: [("input", log.points)], over: axis)
        let svg = plot.svg()
        require(!svg.contains("nan") && !svg.contains("inf"), "a number that is none in \(svg)")
        require(svg.utf8.count < 64 * input.count + 65_536, "\(svg.utf8.count) bytes of \(input.count)")
      }
    })

  /// Vectors that are accepted have finite numbers, and are found by their tokens.
  static let vectors = FuzzTarget(
    name: "vectors",
    read: { input in
      let vectors = try WordVectors(path: try Scratch.file("vectors.txt", input))
      for row in 0..<vectors.count {
        require(vectors.vector(at: row).allSatisfy(\.isFinite), "row \(row) is not finite")
        require(vectors.index(of: vectors.token(at: row).utf8) == row, "row \(row) is not found again")
      }
    })
}
