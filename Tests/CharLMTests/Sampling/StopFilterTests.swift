import Testing

@testable import CharLM

/// The end of a sample at a stop text.
@Suite struct StopFilterTests {
  /// What passes before the first of some stop texts, with slashes between them, held back no longer than needed.
  private func passed(_ text: String, stop: String) -> (text: String, isFound: Bool) {
    var filter = StopFilter(stops: stop.split(separator: "/").map { Array($0.utf8) })
    var bytes: [UInt8] = []
    for byte in text.utf8 { bytes += filter.append([byte]) }
    bytes += filter.finish()
    return (String(decoding: bytes, as: UTF8.self), filter.isFound)
  }

  @Test(
    "lets through what comes before the stop text",
    arguments: [
      ("one END two", "END", "one ", true), ("one EN", "END", "one EN", false), ("aaab", "aab", "a", true),
      ("abababc", "ababc", "ab", true), ("", "x", "", false), ("x", "x", "", true), ("grüße", "ß", "grü", true),
      ("no stop", "", "no stop", false), ("one two", "two/one", "", true), ("xabd", "abc/b", "xa", true),
      ("xabc", "abc/bcd", "x", true), ("aab", "ab/aab", "", true), ("abab", "abc/bb", "abab", false),
    ])
  func stops(_ text: String, _ stop: String, _ expected: String, _ isFound: Bool) {
    let result = passed(text, stop: stop)
    #expect(result.text == expected)
    #expect(result.isFound == isFound)
  }

  @Test("holds back no more than a beginning of the stop text")
  func holdsBack() {
    var filter = StopFilter(stops: [Array("END".utf8)])
    #expect(filter.append(Array("a E".utf8)) == Array("a ".utf8))
    #expect(filter.append(Array("NE".utf8)) == Array("EN".utf8))
    #expect(filter.append(Array("N".utf8)).isEmpty)
    #expect(filter.append(Array("D rest".utf8)).isEmpty)
    #expect(filter.isFound)
    #expect(filter.finish().isEmpty)
  }
}
