import Testing

@testable import CharLMFiles

@Suite("What JSON from elsewhere may have") struct JSONLimitsTests {
  private static let longest = String(repeating: "n", count: JSONLimits.nameLimit)

  @Test(
    "names and nesting are told from texts",
    arguments: [
      ("{}", true), ("", true), ("]]]", true), ("{\"\(longest)\":1}", true), ("{\"\(longest)n\":1}", false),
      ("{\"\(longest)n\" \n:1}", false), ("[\"\(longest)n\",{\"a\":1}]", true), ("{\"a\":\"\(longest)n:\"}", true),
      (#"{"a\":\#(longest)n":1}"#, false), (#"["\\","\#(longest)n"]"#, true),
      (String(repeating: "[", count: 32), true), (String(repeating: "[{", count: 17), false),
      (String(repeating: "[]", count: 100), true), ("[\"" + String(repeating: "[", count: 100), true),
    ])
  func limits(_ json: String, _ areKept: Bool) { #expect(JSONLimits.areKept(by: json.utf8) == areKept, "\(json)") }

  @Test("UTF-16 and UTF-32 are refused, whatever their bytes look like", arguments: [2, 4])
  func otherEncodings(_ size: Int) {
    // The bytes of U+2222 are two quotation marks.
    let json = "{\"a\":1,\"\u{2222}\u{2241}\":" + String(repeating: "[", count: 300)
    let bytes = json.unicodeScalars.flatMap { scalar in (0..<size).map { UInt8(scalar.value >> (8 * $0) & 0xFF) } }
    #expect(!JSONLimits.areKept(by: bytes))
    #expect(!JSONLimits.areKept(by: "{}".unicodeScalars.flatMap { [UInt8(0), UInt8($0.value)] }))
  }

  @Test("a name with more marks than fit is refused at once, before it is hashed")
  func marks() {
    let name = String(repeating: "\u{301}\u{323}", count: 1 << 18)
    #expect(throws: DecodingError.self) { try SnakeCaseJSON.value([String: Int].self, from: "{\"\(name)\":1}".utf8) }
  }

  @Test("numbers that are not finite are texts in JSON, and read again")
  func noNumbers() throws {
    #expect(SnakeCaseJSON.text([1.5, .nan, .infinity, -.infinity]) == #"[1.5,"nan","inf","-inf"]"#)
    let again = try SnakeCaseJSON.value([Double].self, from: SnakeCaseJSON.text([1.5, .infinity]).utf8)
    #expect(again == [1.5, .infinity])
  }
}
