import CICU

/// Names of encodings, as ICU knows them.
public enum Encoding {
  /// The usual name, in lower case, of an encoding that is given by any of its names: "utf-8" for "UTF8", "iso-8859-1"
  /// for "latin1".
  ///
  /// - Throws: `TextError.unknownEncoding`, with names that look like it.
  public static func canonicalName(of name: String) throws(TextError) -> String {
    guard let usual = usualName(of: name) else { throw .unknownEncoding(name: name, near: near(name)) }
    return usual
  }

  /// All names that ICU knows, those of one encoding side by side.
  static var allNames: [[String]] {
    var encodings: [[String]] = []
    while let first = alias(encodings.count, 0) {
      var names = [first]
      while let next = alias(encodings.count, names.count) { names.append(next) }
      encodings.append(names)
    }
    return encodings
  }

  private static func alias(_ encoding: Int, _ number: Int) -> String? {
    // Safe: CICU returns a constant string that ends with NUL, or NULL beyond the last.
    guard let name = unsafe cicu_encoding_alias(Int32(encoding), Int32(number)) else { return nil }
    return unsafe String(cString: name)
  }

  private static func usualName(of name: String) -> String? {
    var length: Int32 = 0
    let usual = unsafe textOfC(capacity: 80) { start, capacity in
      // Safe: `textOfC` gives a buffer of `capacity` bytes, which CICU does not exceed, and Swift a name that ends with NUL.
      length = unsafe cicu_encoding_name(name, start, capacity)
      return max(0, length)
    }
    return length > 0 ? usual.lowercased() : nil
  }

  /// The usual names of the encodings, at most three, that have a name at most two letters away; the nearest first.
  private static func near(_ name: String) -> [String] {
    let letters = comparable(name)
    var found: [(distance: Int, name: String)] = []
    for names in allNames {
      let candidates = names.map(comparable).filter { abs($0.count - letters.count) <= 2 }
      let distances = candidates.map { distance(letters, $0) }
      guard let least = distances.min(), least <= min(2, letters.count / 2) else { continue }
      if let usual = usualName(of: names[0]) { found.append((least, usual)) }
    }
    found.sort { ($0.distance, $0.name) < ($1.distance, $1.name) }
    return found.prefix(3).map(\.name)
  }

  /// Letters and digits in lower case, which is all that ICU compares.
  private static func comparable(_ name: String) -> [UInt8] {
    name.lowercased().utf8.filter {
      UInt8(ascii: "a")...UInt8(ascii: "z") ~= $0 || UInt8(ascii: "0")...UInt8(ascii: "9") ~= $0
    }
  }

  /// The number of letters to add, drop or change (Levenshtein's distance).
  private static func distance(_ one: [UInt8], _ other: [UInt8]) -> Int {
    var row = Array(0...other.count)
    for (index, letter) in one.enumerated() {
      var diagonal = row[0]
      row[0] = index + 1
      for column in other.indices {
        let changed = diagonal + (other[column] == letter ? 0 : 1)
        diagonal = row[column + 1]
        row[column + 1] = min(changed, diagonal + 1, row[column] + 1)
      }
    }
    return row[other.count]
  }
}
