import CICU

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
