import CICU

extension Normalization {
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
