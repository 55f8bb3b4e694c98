/// A token for a message: "'é'", "'é' (U+00E9 LATIN …)" with names, "U+000A" where it would not print, "byte 0xC3".
func describeToken(_ bytes: [UInt8], names: [String] = []) -> String {
  guard let scalars = scalars(of: bytes) else {
    return (bytes.count == 1 ? "byte " : "bytes ") + bytes.map { "0x" + hexadecimal($0) }.joined(separator: " ")
  }
  let shown = scalars.prefix(describedLimit)
  let points = zip(shown.indices, shown).map { index, scalar in
    UnicodeNames.codePoint(scalar) + (index < names.count ? " " + names[index] : "")
  }
  let rest = scalars.count > shown.count ? ", … (\(scalars.count) code points)" : ""
  let listed = points.joined(separator: ", ") + rest
  let prints = rest.isEmpty && scalars.allSatisfy { isPrintable($0) }
  guard prints else { return listed }
  let quoted = "'" + String(decoding: bytes, as: UTF8.self) + "'"
  return names.isEmpty ? quoted : quoted + " (" + listed + ")"
}

/// Nothing but noise is longer.
private let describedLimit = 32

private func isPrintable(_ scalar: Unicode.Scalar) -> Bool {
  // Controls of direction would turn the text around the token.
  if 0x202A...0x202E ~= scalar.value || 0x2066...0x2069 ~= scalar.value { return false }
  return switch scalar.properties.generalCategory {
  case .control, .surrogate, .unassigned, .privateUse, .lineSeparator, .paragraphSeparator: false
  default: true
  }
}
