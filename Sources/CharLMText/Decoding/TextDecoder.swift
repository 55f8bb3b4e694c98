/// Decodes a text that comes in parts, cut anywhere, to UTF-8 without a byte-order mark.
struct TextDecoder: ~Copyable {
  /// What the text is, for messages.
  let source: String
  /// How bytes are handled that are invalid in the encoding.
  let invalid: InvalidPolicy
  /// The usual name of the encoding; "auto" until the first bytes have shown whether there is a byte-order mark.
  private(set) var encoding: String
  /// What is decoded and not yet taken: valid UTF-8, unless invalid bytes are kept.
  private(set) var utf8: [UInt8] = []

  /// ICU's converter; `nil` for UTF-8, which is only checked.
  private var converter: EncodingConverter?
  /// Bytes of the text that are not decoded yet: the beginning of a scalar, or of a byte-order mark.
  private var held: [UInt8] = []
  /// How many bytes of the text came before `held`.
  private var byteCount = 0
  /// Where `utf8` begins.
  private var place = TextPlace()
  private var mayHaveMark = true

  /// A decoder at the start of a text.
  ///
  /// - Parameter encoding: The usual name, or "auto" for a byte-order mark's encoding and UTF-8 without one.
  init(encoding: String, invalid: InvalidPolicy, source: String) {
    self.source = source
    self.invalid = invalid
    self.encoding = encoding
    open()
  }

  private mutating func open() {
    if encoding != "auto", encoding != "utf-8" { converter = EncodingConverter(encoding: encoding) }
  }

  /// Decodes the next part of the text; the last, perhaps empty, `isEnd`.
  ///
  /// - Throws: `TextError.invalidBytes` where the policy says so.
  mutating func append(_ part: [UInt8], isEnd: Bool) throws(TextError) {
    var part = part
    if !held.isEmpty {
      part = held + part
      held = []
    }
    if encoding == "auto" {
      guard part.count >= 4 || isEnd else {
        held = part
        return
      }
      encoding = ByteOrderMark(part)?.encoding ?? "utf-8"
      open()
    }
    if let converter {
      try convert(part, isEnd: isEnd, by: converter)
    } else {
      try appendUTF8(part, isEnd: isEnd)
    }
    dropMark(isEnd: isEnd)
  }

  /// The text of bytes in an encoding; nil where they mean nothing in it.
  static func text(_ bytes: [UInt8], by encoding: String) -> String? {
    var decoder = TextDecoder(encoding: encoding, invalid: .error, source: "")
    guard (try? decoder.append(bytes, isEnd: true)) != nil else { return nil }
    return String(decoding: decoder.utf8, as: UTF8.self)
  }

  /// Takes the first `count` bytes of what is decoded.
  mutating func take(_ count: Int) -> [UInt8] {
    // Taken out, so that it is not copied where it is cut off at its end.
    var taken = utf8
    utf8 = Array(taken[count...])
    taken.removeLast(taken.count - count)
    if invalid == .error { place = place.advanced(over: taken.span) }
    return taken
  }

  /// A byte-order mark is U+FEFF in every encoding that has one.
  private mutating func dropMark(isEnd: Bool) {
    guard mayHaveMark, utf8.count >= DecodedText.mark.count || isEnd else { return }
    mayHaveMark = false
    if utf8.starts(with: DecodedText.mark) { utf8.removeFirst(DecodedText.mark.count) }
  }

  // MARK: UTF-8

  private mutating func appendUTF8(_ part: [UInt8], isEnd: Bool) throws(TextError) {
    var start = utf8.count
    if utf8.isEmpty { utf8 = part } else { utf8 += part }
    byteCount += part.count
    guard invalid != .byte else { return }
    while let flaw = UTF8Validation.firstError(in: utf8.span, from: start) {
      if !isEnd, UTF8Validation.mayBecomeScalar(utf8[flaw...]) {
        held = Array(utf8[flaw...])
        byteCount -= held.count
        utf8.removeLast(held.count)
        return
      }
      guard invalid == .replace else { throw utf8Error(at: flaw) }
      start = flaw + replaceUTF8(from: flaw, isEnd: isEnd)
    }
  }

  /// Replaces what is ill-formed at `offset` and all after it that is, up to the beginning of a scalar at the end.
  ///
  /// - Returns: How many bytes from `offset` on are valid now.
  private mutating func replaceUTF8(from offset: Int, isEnd: Bool) -> Int {
    var end = utf8.count
    if !isEnd {
      for length in 1...3 where length <= end - offset && UTF8Validation.mayBecomeScalar(utf8[(utf8.count - length)...])
      {
        end = utf8.count - length
      }
    }
    let repaired = Array(String(decoding: utf8[offset..<end], as: UTF8.self).utf8)
    utf8.replaceSubrange(offset..<end, with: repaired)
    return repaired.count
  }

  private func utf8Error(at flaw: Int) -> TextError {
    let bytes = UTF8Validation.illFormedRun(in: utf8, at: flaw)
    return error(bytes, offset: byteCount - (utf8.count - flaw), decoded: flaw)
  }

  // MARK: Other encodings

  private mutating func convert(_ part: [UInt8], isEnd: Bool, by converter: EncodingConverter) throws(TextError) {
    var offset = 0
    while let flaw = converter.convert(part.span, from: offset, isEnd: isEnd, into: &utf8) {
      switch invalid {
      case .error:
        throw error(flaw.bytes, offset: byteCount + flaw.start, decoded: utf8.count)
      case .replace: utf8 += UTF8.encodedReplacementCharacter
      case .byte: utf8 += flaw.bytes
      }
      offset = flaw.end
    }
    byteCount += part.count
  }

  /// The error for invalid bytes that come after `decoded` bytes of `utf8`.
  private func error(_ bytes: [UInt8], offset: Int, decoded: Int) -> TextError {
    var before = utf8.span.extracting(first: decoded)
    if mayHaveMark, utf8.starts(with: DecodedText.mark) {
      before = before.extracting(min(decoded, DecodedText.mark.count)..<decoded)
    }
    let place = place.advanced(over: before)
    return .invalidBytes(
      source: source, encoding: encoding, offset: offset, line: place.line, column: place.column, bytes: bytes)
  }
}
