import CICU

/// Unicode's names for scalars, by ICU.
public enum UnicodeNames {
  /// The name of a scalar, such as "LATIN SMALL LETTER E WITH ACUTE"; where Unicode gives none, ICU's extended name,
  /// such as "<control-000A>".
  public static func name(of scalar: Unicode.Scalar) -> String {
    unsafe textOfC(capacity: 256) { start, capacity in
      // Safe: `text` gives a buffer of `capacity` bytes, which ICU does not exceed.
      unsafe max(0, cicu_scalar_name(scalar.value, start, capacity))
    }
  }
}

extension UnicodeNames {
  /// A scalar as "U+00E9".
  public static func codePoint(_ scalar: Unicode.Scalar) -> String { CharLMText.codePoint(scalar) }
}

/// Unicode's properties of scalars, by ICU.
public enum UnicodeProperties {
  /// The long name of a scalar's script, such as "Devanagari".
  public static func script(of scalar: Unicode.Scalar) -> String {
    // Safe: CICU returns a constant string that ends with NUL, never NULL.
    unsafe String(cString: cicu_script_name(scalar.value))
  }

  /// The long name of a scalar's general category, such as "Uppercase_Letter".
  public static func category(of scalar: Unicode.Scalar) -> String {
    // Safe: CICU returns a constant string that ends with NUL, never NULL.
    unsafe String(cString: cicu_category_name(scalar.value))
  }
}

/// The Unicode library in use.
public enum UnicodeLibrary {
  /// ICU's version, such as "72.1".
  public static var icuVersion: String {
    // Safe: 20 bytes are what CICU asks for.
    unsafe textOfC(capacity: 20) { start, _ in unsafe cicu_version(start) }
  }

  /// The version of Unicode that ICU follows, such as "15.0"; graphemes may differ between versions.
  public static var unicodeVersion: String {
    // Safe: 20 bytes are what CICU asks for.
    unsafe textOfC(capacity: 20) { start, _ in unsafe cicu_unicode_version(start) }
  }
}

/// What a C function writes into a buffer of `capacity` bytes and tells the length of.
func textOfC(capacity: Int, _ write: (UnsafeMutablePointer<CChar>?, Int32) -> Int32) -> String {
  var characters = [CChar](repeating: 0, count: capacity)
  // Safe: the array outlives the call.
  let length = unsafe characters.withUnsafeMutableBufferPointer { buffer in
    unsafe write(buffer.baseAddress, Int32(capacity))
  }
  return String(decoding: characters.prefix(Int(length)).map { UInt8(bitPattern: $0) }, as: UTF8.self)
}

/// A byte as two hexadecimal digits, upper case.
func hexadecimal(_ byte: UInt8) -> String {
  (byte < 16 ? "0" : "") + String(byte, radix: 16, uppercase: true)
}

/// A scalar as "U+00E9".
func codePoint(_ scalar: Unicode.Scalar) -> String {
  let digits = String(scalar.value, radix: 16, uppercase: true)
  return "U+" + String(repeating: "0", count: max(0, 4 - digits.count)) + digits
}

/// The scalars of valid UTF-8, or `nil`.
func scalars(of utf8: [UInt8]) -> [Unicode.Scalar]? {
  String(validating: utf8, as: UTF8.self).map { Array($0.unicodeScalars) }
}

/// A token for a message: "'é'", "'é' (U+00E9 LATIN …)" with names, "U+000A" where it would not print, "byte 0xC3".
func describeToken(_ bytes: [UInt8], names: [String] = []) -> String {
  guard let scalars = scalars(of: bytes) else {
    return (bytes.count == 1 ? "byte " : "bytes ") + bytes.map { "0x" + hexadecimal($0) }.joined(separator: " ")
  }
  let points = zip(scalars.indices, scalars).map { index, scalar in
    codePoint(scalar) + (index < names.count ? " " + names[index] : "")
  }
  let listed = points.joined(separator: ", ")
  let prints = scalars.allSatisfy { isPrintable($0.properties.generalCategory) }
  guard prints else { return listed }
  let quoted = "'" + String(decoding: bytes, as: UTF8.self) + "'"
  return names.isEmpty ? quoted : quoted + " (" + listed + ")"
}

private func isPrintable(_ category: Unicode.GeneralCategory) -> Bool {
  switch category {
  case .control, .surrogate, .unassigned, .privateUse, .lineSeparator, .paragraphSeparator: false
  default: true
  }
}
