import CICU

/// A set of scalars, written as a pattern of ICU's: `[a-z]`, `[[:Letter:]-[q]]`, `[^\p{Thai}]`. A space stands for
/// itself, also without a backslash.
///
///     let set = try UnicodeSet("[a-z ']")
///     set.contains("q")  // true
public struct UnicodeSet: Hashable, Sendable {
  /// The pattern that it was made of.
  public let pattern: String
  let ranges: ScalarRanges

  /// The set of a pattern.
  /// - Throws: `TextError.invalidSet` where it is malformed, or empty.
  public init(_ pattern: String) throws(TextError) {
    var bounds: [UInt32] = []
    var count = UnicodeSet.bounds(of: pattern, into: &bounds)
    if count > 0 {
      bounds = [UInt32](repeating: 0, count: Int(count))
      count = UnicodeSet.bounds(of: pattern, into: &bounds)
    }
    guard count > 0 else { throw .invalidSet(pattern: pattern) }
    self.pattern = pattern
    ranges = ScalarRanges(stride(from: 0, to: bounds.count, by: 2).map { bounds[$0]...bounds[$0 + 1] })
  }

  /// The set of scalars in certain ranges.
  package init(ranges: some Sequence<ClosedRange<UInt32>>) {
    self.ranges = ScalarRanges(ranges)
    let escaped = { (value: UInt32) in "\\x{" + String(value, radix: 16) + "}" }
    pattern = "[" + self.ranges.ranges.map { escaped($0.lowerBound) + "-" + escaped($0.upperBound) }.joined() + "]"
  }

  /// A pattern whose spaces ICU does not ignore, those in the names of properties left out.
  private static func withSpacesKept(_ pattern: String) -> String {
    var kept = ""
    var depth = 0
    for character in pattern {
      if character == "{" { depth += 1 } else if character == "}" { depth -= 1 }
      let isBare = character == " " && depth == 0 && kept.last != "\\"
      kept += (isBare ? "\\" : "") + String(character)
    }
    return kept
  }

  private static func bounds(of pattern: String, into bounds: inout [UInt32]) -> Int32 {
    let utf8 = Array(withSpacesKept(pattern).utf8)
    // Safe: both arrays live through the call, which is given their lengths.
    return unsafe utf8.withUnsafeBufferPointer { utf8 in
      unsafe bounds.withUnsafeMutableBufferPointer { bounds in
        unsafe cicu_set_ranges(utf8.baseAddress, Int32(utf8.count), bounds.baseAddress, Int32(bounds.count))
      }
    }
  }

  /// Whether a scalar is in the set.
  /// - Complexity: O(log n) for n ranges.
  public func contains(_ scalar: Unicode.Scalar) -> Bool { ranges.contains(scalar) }

  /// Whether a text has scalars, and all of them are in the set; false for bytes that are not UTF-8.
  public func containsAll(of utf8: some Sequence<UInt8>) -> Bool {
    guard let scalars = scalars(of: Array(utf8)), !scalars.isEmpty else { return false }
    return scalars.allSatisfy(contains)
  }

  /// Whether any scalar of a text is in the set; false for bytes that are not UTF-8.
  public func containsAny(of utf8: some Sequence<UInt8>) -> Bool {
    scalars(of: Array(utf8))?.contains(where: contains) ?? false
  }
}

extension UnicodeSet: Codable {
  /// Reads a pattern.
  public init(from decoder: any Decoder) throws {
    try self.init(try decoder.singleValueContainer().decode(String.self))
  }

  /// Writes the pattern.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(pattern)
  }
}
