/// Bytes as tokens, and what no token says as it is: together exactly the bytes, whatever they are.
package struct ExactEncoding: Hashable, Sendable {
  /// Bytes that no token of the vocabulary stands for.
  package struct Gap: Hashable, Sendable {
    /// The number of tokens before it.
    package let place: Int
    /// At least one.
    package fileprivate(set) var bytes: [UInt8]

    /// A gap.
    package init(place: Int, bytes: [UInt8]) { (self.place, self.bytes) = (place, bytes) }
  }

  /// The tokens.
  package private(set) var tokens: [TokenID] = []
  /// The gaps, in order, no two at the same place.
  package private(set) var gaps: [Gap] = []

  fileprivate init() {}

  fileprivate mutating func append(_ token: TokenID) { tokens.append(token) }

  fileprivate mutating func append(unsaid bytes: ArraySlice<UInt8>) {
    guard !bytes.isEmpty else { return }
    if gaps.last?.place == tokens.count {
      gaps[gaps.count - 1].bytes += bytes
    } else {
      gaps.append(Gap(place: tokens.count, bytes: Array(bytes)))
    }
  }
}

extension Tokenizer {
  /// The tokens of bytes that need not be text. Nothing is normalized: what the vocabulary has only in another form is
  /// left as it is.
  /// - Parameter separator: what the document token stands for; empty where it stands for nothing.
  /// - Complexity: O(bytes).
  package func exactEncoding(_ bytes: [UInt8], separator: [UInt8]) -> ExactEncoding {
    var result = ExactEncoding()
    let documentID = separator.isEmpty ? nil : vocabulary.documentID
    var start = 0
    while start < bytes.count {
      if let documentID, bytes[start...].starts(with: separator) {
        result.append(documentID)
        start += separator.count
        continue
      }
      let end = documentID == nil ? bytes.count : Tokenizer.next(separator, in: bytes, from: start)
      append(bytes[start..<end], to: &result)
      start = end
    }
    return result
  }

  /// The bytes that tokens and gaps stand for; nil where they are more than `limit`, or a token is not in the vocabulary.
  package func bytes(
    of tokens: [TokenID], gaps: [ExactEncoding.Gap], separator: [UInt8], limit: Int
  ) -> [UInt8]? {
    var bytes: [UInt8] = []
    var gap = gaps.startIndex
    for place in 0...tokens.count {
      while gap < gaps.endIndex, gaps[gap].place == place {
        bytes += gaps[gap].bytes
        gap += 1
      }
      guard place < tokens.count else { break }
      guard tokens[place] >= 0, Int(tokens[place]) < vocabulary.count else { return nil }
      bytes += tokens[place] == vocabulary.documentID ? separator[...] : vocabulary.bytes(of: tokens[place])
      if bytes.count > limit { return nil }
    }
    return gap == gaps.endIndex && bytes.count <= limit ? bytes : nil
  }

  private static func next(_ separator: [UInt8], in bytes: [UInt8], from start: Int) -> Int {
    var offset = start
    while offset < bytes.count, bytes[offset] != separator[0] || !bytes[offset...].starts(with: separator) {
      offset += 1
    }
    return offset
  }

  /// Text as tokens, where it is text.
  private func append(_ bytes: ArraySlice<UInt8>, to result: inout ExactEncoding) {
    let bytes = Array(bytes)
    var start = 0
    while start < bytes.count {
      let end = UTF8Validation.firstError(in: bytes.span, from: start) ?? bytes.count
      if end > start { append(text: Array(bytes[start..<end]), to: &result) }
      start = end
      while start < bytes.count, UTF8Validation.sequenceLength(in: bytes.span, at: start) == 0 {
        let byte = bytes[start..<start + 1]
        if settings.unit == .byte || settings.fallback == .byte, let id = vocabulary.id(of: byte) {
          result.append(id)
        } else {
          result.append(unsaid: byte)
        }
        start += 1
      }
    }
  }

  /// Valid UTF-8 as tokens, but for what the vocabulary lacks.
  private func append(text: [UInt8], to result: inout ExactEncoding) {
    let skipped = skippingEncoding(text)
    var (offset, gap) = (0, skipped.skipped.startIndex)
    func appendGap() {
      guard gap < skipped.skipped.endIndex, skipped.skipped[gap].lowerBound == offset else { return }
      result.append(unsaid: text[skipped.skipped[gap]])
      offset = skipped.skipped[gap].upperBound
      gap += 1
    }
    for token in skipped.tokens {
      appendGap()
      result.append(token)
      offset += vocabulary.bytes(of: token).count
    }
    appendGap()
  }
}
