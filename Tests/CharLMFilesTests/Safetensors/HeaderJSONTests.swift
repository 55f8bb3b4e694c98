import Testing

@testable import CharLMFiles

@Suite("The header's JSON") struct HeaderJSONTests {
  private func parse(_ text: String) throws(SafetensorsFlaw) -> HeaderValue {
    try HeaderParser.parse(Array(text.utf8), in: 0..<text.utf8.count)
  }

  @Test(
    "integers are read exactly",
    arguments: [
      ("0", 0), ("7", 7), ("-1", -1), ("10", 10), ("9223372036854775807", .max), ("-9223372036854775808", .min),
      (" \t\r\n5 \n", 5),
    ])
  func integers(text: String, expected: Int) throws {
    #expect(try parse(text) == .integer(expected))
  }

  @Test(
    "strings are read with every escape",
    arguments: [
      (#""""#, ""), (#""a b""#, "a b"), (#""\"\\\/\b\f\n\r\t""#, "\"\\/\u{8}\u{C}\n\r\t"),
      (#""\u0041\u00e9\u20AC""#, "Aé€"),
      (#""\ud83d\ude00x""#, "😀x"), (#""\uD800\uDC00\uDBFF\uDFFF""#, "\u{10000}\u{10FFFF}"), (#""\u0000""#, "\0"),
      (#""größe 中文 😀""#, "größe 中文 😀"), ("\"\u{7F}\"", "\u{7F}"),
    ])
  func strings(text: String, expected: String) throws {
    guard case .string(let read, let range) = try parse(text) else {
      Issue.record("no string")
      return
    }
    #expect(Array(read.unicodeScalars) == Array(expected.unicodeScalars))
    #expect(range == 1..<text.utf8.count - 1)
  }

  @Test("objects and arrays keep their order")
  func nesting() throws {
    let value = try parse(#" { "b" : [ 1 , [ ] , { } ] , "a" : "x" } "#)
    #expect(
      value
        == .object([
          .init(name: "b", value: .array([.integer(1), .array([]), .object([])])),
          .init(name: "a", value: .string("x", bytes: 36..<37)),
        ]))
  }

  @Test(
    "text that breaks a rule is refused where it does",
    arguments: [
      ("", .unexpectedEnd, 0), ("  ", .unexpectedEnd, 2), ("{", .unexpectedEnd, 1), ("[1", .unexpectedEnd, 2),
      (#"{"a"#, .unexpectedEnd, 3), (#"{"a""#, .unexpectedEnd, 4), (#"{"a":"#, .unexpectedEnd, 5),
      (#""\"#, .unexpectedEnd, 2), (#""\u12"#, .unexpectedEnd, 5), ("-", .unexpectedEnd, 1),
      ("true", .unexpectedByte(UInt8(ascii: "t")), 0), ("null", .unexpectedByte(UInt8(ascii: "n")), 0),
      ("[1,]", .unexpectedByte(UInt8(ascii: "]")), 3), ("[,1]", .unexpectedByte(UInt8(ascii: ",")), 1),
      ("[1 2]", .unexpectedByte(UInt8(ascii: "2")), 3), (#"{"a":1,}"#, .unexpectedByte(UInt8(ascii: "}")), 7),
      ("{a:1}", .unexpectedByte(UInt8(ascii: "a")), 1), (#"{"a" 1}"#, .unexpectedByte(UInt8(ascii: "1")), 5),
      ("[1}", .unexpectedByte(UInt8(ascii: "}")), 2), ("1 1", .unexpectedByte(UInt8(ascii: "1")), 2),
      ("01", .unexpectedByte(UInt8(ascii: "0")), 0), ("-0", .unexpectedByte(UInt8(ascii: "0")), 1),
      ("+1", .unexpectedByte(UInt8(ascii: "+")), 0), ("-a", .unexpectedByte(UInt8(ascii: "a")), 1),
      ("\u{FEFF}1", .unexpectedByte(0xEF), 0), ("\u{A0}1", .unexpectedByte(0xC2), 0), ("1\0", .unexpectedByte(0), 1),
      ("1.0", .notInteger, 0), ("[1e3]", .notInteger, 1), ("1E3", .notInteger, 0),
      ("9223372036854775808", .integerTooLarge, 0), ("-9223372036854775809", .integerTooLarge, 0),
      ("99999999999999999999999", .integerTooLarge, 0), (#""\x""#, .badEscape, 2), (#""\u00g0""#, .badEscape, 5),
      (#""\u00é0""#, .badEscape, 5), (#""\ud800""#, .unpairedSurrogate, 2), (#""\udc00""#, .unpairedSurrogate, 2),
      (#""\ud800x""#, .unpairedSurrogate, 2), (#""\ud800\n""#, .unpairedSurrogate, 2),
      (#""\ud800\ud800""#, .unpairedSurrogate, 2), ("\"a\nb\"", .controlCharacter(0x0A), 2),
      ("\"\0\"", .controlCharacter(0), 1),
    ] as [(String, JSONFlaw, Int)])
  func refusals(text: String, flaw: JSONFlaw, offset: Int) {
    #expect(throws: SafetensorsFlaw.json(flaw, offset: offset)) { try parse(text) }
  }

  @Test(
    "bytes that are not UTF-8 are refused",
    arguments: [[0x80], [0xC3], [0xC0, 0x80], [0xED, 0xA0, 0x80], [0xF4, 0x90, 0x80, 0x80], [0xFF]] as [[UInt8]])
  func encodings(bytes: [UInt8]) {
    let text = [0x22] + bytes + [0x22]
    #expect(throws: SafetensorsFlaw.json(.invalidUTF8, offset: 1)) {
      try HeaderParser.parse(text, in: 0..<text.count)
    }
  }

  @Test("nesting is capped, however deep the text goes", arguments: [9, 100, 1_000_000])
  func depth(levels: Int) throws {
    #expect(throws: SafetensorsFlaw.json(.tooDeep(limit: 8), offset: 8)) {
      try parse(String(repeating: "[", count: levels))
    }
    #expect(throws: Never.self) { try parse(String(repeating: "[", count: 8) + String(repeating: "]", count: 8)) }
  }

  @Test("so many members as no network has are refused")
  func members() throws {
    let names = (0...100_000).map { "\"\($0)\":0" }
    #expect(throws: Never.self) { try parse("{" + names.dropLast().joined(separator: ",") + "}") }
    let text = "{" + names.joined(separator: ",") + "}"
    #expect(throws: SafetensorsFlaw.json(.tooMany(limit: 100_000), offset: text.utf8.count - 2)) { try parse(text) }
    #expect(throws: Never.self) { try parse("[1" + String(repeating: ",1", count: 63) + "]") }
    #expect(throws: SafetensorsFlaw.json(.tooMany(limit: 64), offset: 129)) {
      try parse("[1" + String(repeating: ",1", count: 1_000_000) + "]")
    }
  }

  @Test("nothing outside the range is read")
  func range() throws {
    let bytes = Array("xx[12]34".utf8)
    #expect(try HeaderParser.parse(bytes, in: 2..<6) == .array([.integer(12)]))
    #expect(throws: SafetensorsFlaw.json(.unexpectedEnd, offset: 3)) { try HeaderParser.parse(bytes, in: 2..<5) }
  }

  @Test("names that are too long, and more values than a header needs, are refused")
  func limits() throws {
    let longest = String(repeating: "n", count: HeaderParser.nameLimit)
    #expect(try parse("{\"\(longest)\":1}") == .object([.init(name: longest, value: .integer(1))]))
    #expect(throws: SafetensorsFlaw.json(.nameTooLong(limit: 255), offset: 2)) { try parse("{\"\(longest)n\":1}") }
    // 64 · 64 · 64 arrays in one another with 8 numbers in each of the innermost: two million and more.
    let row = "[" + [String](repeating: "0", count: 8).joined(separator: ",") + "]"
    let nested = (0..<3).reduce(row) { inner, _ in
      "[" + [String](repeating: inner, count: 64).joined(separator: ",") + "]"
    }
    let error = #expect(throws: SafetensorsFlaw.self) { try parse(nested) }
    guard case .json(.tooMany(limit: HeaderParser.valueLimit), _)? = error else {
      Issue.record("\(String(describing: error))")
      return
    }
  }
}
