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
}
