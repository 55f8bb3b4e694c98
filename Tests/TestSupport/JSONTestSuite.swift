import Foundation

/// Nicolas Seriot's JSONTestSuite, where CHARLM_JSON_SUITE names its folder `test_parsing`: files that a reader of JSON
/// must accept (`y_…`), must refuse (`n_…`), or may do either with (`i_…`).
package enum JSONTestSuite {
  /// The files' names and bytes.
  package static let files: [(name: String, bytes: [UInt8])] = {
    guard let folder = ProcessInfo.processInfo.environment["CHARLM_JSON_SUITE"],
      let names = try? FileManager.default.contentsOfDirectory(atPath: folder)
    else { return [] }
    return names.filter { $0.hasSuffix(".json") }.sorted().compactMap { name in
      FileManager.default.contents(atPath: folder + "/" + name).map { (name, Array($0)) }
    }
  }()

  /// Why its tests are skipped, where they are.
  package static let comment = "needs JSONTestSuite (CHARLM_JSON_SUITE=…/JSONTestSuite/test_parsing)"
}
