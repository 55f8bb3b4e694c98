/// A token for a message: "'é'", "'é' (U+00E9 LATIN …)" with names, "U+000A" where it would not print, "byte 0xC3".
func describeToken(_ bytes: [UInt8], names: [String] = []) -> String {
  guard let scalars = scalars(of: bytes) else {
    return (bytes.count == 1 ? "byte " : "bytes ") + bytes.map { "0x" + hexadecimal($0) }.joined(separator: " ")
  }
  let points = zip(scalars.indices, scalars).map { index, scalar in
    UnicodeNames.codePoint(scalar) + (index < names.count ? " " + names[index] : "")
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
