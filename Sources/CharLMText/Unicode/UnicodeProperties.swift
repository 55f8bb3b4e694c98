import CICU

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
