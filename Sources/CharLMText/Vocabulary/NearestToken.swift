import CICU
extension Vocabulary {
  /// The known token nearest to an unknown one, for a message or for `Tokenizer.UnknownPolicy.nearest`.
  ///
  /// In this order: the same letter in the other case (É for é); the same without marks, by compatibility decomposition
  /// (e for é), in either case; a look-alike (" for “, - for –, s for ß), in either case.
  ///
  /// - Returns: `nil` where nothing is near, or the bytes are not UTF-8.
  public func nearest(to bytes: some Sequence<UInt8>) -> TokenID? {
    let bytes = Array(bytes)
    guard let scalars = scalars(of: bytes) else { return nil }
    var tried: [[UInt8]] = [bytes]
    for base in [scalars, Self.bare(scalars), Self.lookAlike(scalars)] {
      for candidate in [base] + Self.otherCases(base) {
        let utf8 = candidate.flatMap { Array(UTF8.encode($0) ?? UTF8.encodedReplacementCharacter) }
        if tried.contains(utf8) || utf8.isEmpty { continue }
        if let id = id(of: utf8) { return id }
        tried.append(utf8)
      }
    }
    return nil
  }

  /// All letters in upper case and in lower case.
  private static func otherCases(_ scalars: [Unicode.Scalar]) -> [[Unicode.Scalar]] {
    [
      scalars.flatMap { Array($0.properties.lowercaseMapping.unicodeScalars) },
      scalars.flatMap { Array($0.properties.uppercaseMapping.unicodeScalars) },
    ]
  }

  /// Decomposed, without marks and joiners.
  private static func bare(_ scalars: [Unicode.Scalar]) -> [Unicode.Scalar] {
    var text = String.UnicodeScalarView()
    text.append(contentsOf: scalars)
    let decomposed = Normalizer(form: CICU_NFKD).normalized(Array(String(text).utf8))
    return String(decoding: decomposed, as: UTF8.self).unicodeScalars.filter {
      switch $0.properties.generalCategory {
      case .nonspacingMark, .enclosingMark, .format: false
      default: true
      }
    }
  }

  /// Each scalar replaced by its look-alike in ASCII, where it has one.
  private static func lookAlike(_ scalars: [Unicode.Scalar]) -> [Unicode.Scalar] {
    if scalars == ["\r", "\n"] { return ["\n"] }
    return scalars.map { lookAlikes[$0] ?? $0 }
  }

  private static let lookAlikes: [Unicode.Scalar: Unicode.Scalar] = {
    let groups: [(Unicode.Scalar, String)] = [
      ("\"", "\u{201C}\u{201D}\u{201E}\u{201F}\u{00AB}\u{00BB}\u{300C}\u{300D}\u{FF02}\u{2033}"),
      ("'", "\u{2018}\u{2019}\u{201A}\u{201B}\u{2032}\u{02BC}\u{0060}\u{00B4}\u{2039}\u{203A}"),
      ("-", "\u{2010}\u{2011}\u{2012}\u{2013}\u{2014}\u{2015}\u{2212}\u{00AD}\u{30FC}"),
      (" ", "\u{00A0}\u{2002}\u{2003}\u{2009}\u{200A}\u{202F}\u{3000}\t"),
      ("\n", "\r\u{2028}\u{2029}\u{0085}\u{000B}\u{000C}"),
      (".", "\u{3002}\u{00B7}\u{2022}\u{2026}"), (",", "\u{3001}\u{060C}"), ("?", "\u{061F}"), (";", "\u{061B}"),
      ("/", "\u{2044}\u{2215}"), ("*", "\u{2217}"), ("x", "\u{00D7}"),
      ("s", "\u{00DF}"), ("a", "\u{00E6}"), ("A", "\u{00C6}"),
      ("o", "\u{00F8}"), ("O", "\u{00D8}"), ("l", "\u{0142}"), ("L", "\u{0141}"), ("d", "\u{0111}"),
      ("i", "\u{0131}"),
    ]
    var table: [Unicode.Scalar: Unicode.Scalar] = [:]
    for (plain, typographic) in groups {
      for scalar in typographic.unicodeScalars { table[scalar] = plain }
    }
    return table
  }()
}
