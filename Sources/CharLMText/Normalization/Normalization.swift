import CICU
/// The form that text is brought to before it is cut into tokens.
public enum Normalization: String, Codable, Sendable, CaseIterable {
  /// As it is, byte for byte.
  case none
  /// Canonical composition: `e` + U+0301 becomes `é`.
  case nfc
  /// Canonical decomposition: `é` becomes `e` + U+0301.
  case nfd
  /// Compatibility composition: also `ﬁ` becomes `fi`, full-width forms become ordinary ones.
  case nfkc
  /// Unicode's NFKC_Casefold: as `nfkc`, and case is folded (`É` becomes `é`, `ß` becomes `ss`) and what is ignored by
  /// default (soft hyphens, joiners) is dropped.
  case nfkcCasefold = "nfkc-casefold"

  /// The text in this form, by ICU.
  ///
  /// - Parameter utf8: UTF-8; ill-formed bytes stay as they are.
  /// - Complexity: O(bytes); text that has the form already is returned as it is, without a copy.
  public func normalized(_ utf8: [UInt8]) -> [UInt8] {
    guard let form else { return utf8 }
    return Normalizer(form: form).normalized(utf8)
  }

  /// ICU's form; `nil` for `none`.
  var form: cicu_form? {
    switch self {
    case .none: nil
    case .nfc: CICU_NFC
    case .nfd: CICU_NFD
    case .nfkc: CICU_NFKC
    case .nfkcCasefold: CICU_NFKC_CASEFOLD
    }
  }
}
