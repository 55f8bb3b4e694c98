import CICU

/// Unicode's names for scalars, by ICU.
public enum UnicodeNames {
  /// The name of a scalar, such as "LATIN SMALL LETTER E WITH ACUTE"; where Unicode gives none, ICU's extended name,
  /// such as "<control-000A>".
  public static func name(of scalar: Unicode.Scalar) -> String {
    unsafe textOfC(capacity: 256) { start, capacity in
      // Safe: `textOfC` gives a buffer of `capacity` bytes, which ICU does not exceed.
      unsafe max(0, cicu_scalar_name(scalar.value, start, capacity))
    }
  }

  /// A scalar as "U+00E9".
  public static func codePoint(_ scalar: Unicode.Scalar) -> String {
    let digits = String(scalar.value, radix: 16, uppercase: true)
    return "U+" + String(repeating: "0", count: max(0, 4 - digits.count)) + digits
  }
}
