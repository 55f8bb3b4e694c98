import CharLMText

/// A sample's tokens on their way to text: whole graphemes, up to a stop text.
struct SampleText {
  private(set) var tokenCount = 0
  private(set) var isStopped = false
  private let vocabulary: Vocabulary
  private let length: Int
  private var decoder: StreamingDecoder
  private var filter: StopFilter
  private var head: String
  private var isAtEnd = false

  init(_ vocabulary: Vocabulary, seedText: String, length: Int, stop: String) {
    self.vocabulary = vocabulary
    self.length = length
    decoder = StreamingDecoder(vocabulary: vocabulary)
    filter = StopFilter(stop: Array(stop.utf8))
    head = decoder.append(seedText.utf8)
  }

  var wantsMore: Bool { tokenCount < length && !isStopped }

  /// The seed text, as far as it is certain; empty from the second time on.
  mutating func takeHead() -> String {
    defer { head = "" }
    return head
  }

  /// Takes a token and returns what of the text it makes certain.
  mutating func append(_ token: TokenID) -> String {
    tokenCount += 1
    let bytes = filter.append(vocabulary.bytes(of: token))
    isStopped = filter.isFound
    return decoder.append(bytes)
  }

  /// What is held back at the end; empty from the second time on.
  mutating func finish() -> String {
    guard !isAtEnd else { return "" }
    isAtEnd = true
    let end = decoder.append(filter.finish())
    // What the length cut in two is left out.
    return end + (isStopped ? decoder.finish() : decoder.finishWhole())
  }
}

/// Lets bytes through up to a stop text; holds back what may be its beginning.
struct StopFilter {
  private let stop: [UInt8]
  private var held: [UInt8] = []
  private(set) var isFound = false

  init(stop: [UInt8]) { self.stop = stop }

  /// Takes bytes, and returns those that are no part of the stop text for certain.
  mutating func append(_ bytes: some Sequence<UInt8>) -> [UInt8] {
    guard !stop.isEmpty else { return Array(bytes) }
    var passed: [UInt8] = []
    for byte in bytes where !isFound {
      held.append(byte)
      while !stop.starts(with: held) { passed.append(held.removeFirst()) }
      if held.count == stop.count {
        isFound = true
        held = []
      }
    }
    return passed
  }

  /// Returns what is still held back.
  mutating func finish() -> [UInt8] {
    defer { held = [] }
    return held
  }
}
