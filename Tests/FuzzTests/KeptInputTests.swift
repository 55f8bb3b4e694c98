import Foundation
import FuzzTargets
import Testing

/// The fuzz targets over the inputs that are kept: seeds, and what fuzzing has found (`Tests/Fuzzing`).
@Suite("Fuzz targets", .serialized) struct KeptInputTests {
  private static let folder = URL(filePath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().appending(path: "Fuzzing")

  private func inputs(_ kind: String, _ target: FuzzTarget) throws -> [URL] {
    let folder = Self.folder.appending(path: kind).appending(path: target.name)
    guard FileManager.default.fileExists(atPath: folder.path) else { return [] }
    return try FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: nil)
      .sorted { $0.path < $1.path }
  }

  @Test("no input breaks a promise, and of the seeds some are accepted", arguments: FuzzTarget.all)
  func seeds(_ target: FuzzTarget) throws {
    let seeds = try inputs("Seeds", target)
    #expect(!seeds.isEmpty, "\(target.name)")
    let accepted = try seeds.filter { target.run(Array(try Data(contentsOf: $0))) }
    #expect(!accepted.isEmpty, "\(target.name)")
    #expect(target.run([]) == target.run([]), "\(target.name)")
    for find in try inputs("Finds", target) { target.run(Array(try Data(contentsOf: find))) }
  }
}
