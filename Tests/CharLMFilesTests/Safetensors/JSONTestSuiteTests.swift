import TestSupport
import Testing

@testable import CharLMFiles

@Suite("JSONTestSuite, by the reader of headers") struct JSONTestSuiteTests {
  /// What is JSON, but never stands in a header: fractions, exponents, minus zero, true, false and null, and a name that
  /// occurs twice.
  private static let beyondHeaders = [
    "number", "structure_lonely_false", "structure_lonely_negative_real", "array_false", "structure_lonely_null",
    "structure_lonely_true", "structure_true_in_array",
    "array_null", "array_heterogeneous", "array_with_several_null", "object_duplicated_key",
  ]

  @Test(
    "what is no JSON is refused, and what is JSON is read unless it never stands in a header",
    .enabled(if: !JSONTestSuite.files.isEmpty, Comment(rawValue: JSONTestSuite.comment)))
  func suite() {
    for (name, bytes) in JSONTestSuite.files {
      do throws(SafetensorsFlaw) {
        _ = try HeaderParser.parse(bytes, in: bytes.indices)
        #expect(!name.hasPrefix("n_"), "\(name) is accepted")
      } catch {
        let isExpected = !name.hasPrefix("y_") || Self.beyondHeaders.contains { name.contains($0) }
        #expect(isExpected, "\(name): \(error)")
      }
    }
    #expect(JSONTestSuite.files.count > 300)
  }
}
