/// The kinds of Unicode scalars and their case, roughly, from tables of our own.
///
/// What is compressed with counts must be told apart in the same way when it is decompressed, years later, and Unicode's
/// properties change with each of its versions. A context needs no more than this: which characters make words, and which
/// of them are the same letter. Unknown characters are letters. A change to these tables is a new format of compressed
/// text.
enum ScalarKinds {
  /// The kind of a scalar.
  static func kind(_ value: UInt32) -> TokenKinds.Kind {
    if value < 0x80 { return asciiKind(UInt8(value)) }
    if spaces.contains(value) { return .space }
    if contains(value, in: ideographs) { return .ideograph }
    if isDigit(value) { return .digit }
    return contains(value, in: others) ? .other : .letter
  }

  private static func asciiKind(_ value: UInt8) -> TokenKinds.Kind {
    switch value {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"): .letter
    case UInt8(ascii: "0")...UInt8(ascii: "9"): .digit
    case UInt8(ascii: "\n"), UInt8(ascii: "\r"): .lineBreak
    case UInt8(ascii: " "), 0x09, 0x0B, 0x0C: .space
    case UInt8(ascii: "<"), UInt8(ascii: ">"), UInt8(ascii: "["), UInt8(ascii: "]"), UInt8(ascii: "("),
      UInt8(ascii: ")"), UInt8(ascii: "{"), UInt8(ascii: "}"), UInt8(ascii: "\""), UInt8(ascii: "'"),
      UInt8(ascii: "&"), UInt8(ascii: ";"), UInt8(ascii: "="), UInt8(ascii: "/"):
      .bracket
    default: .other
    }
  }

  /// A letter without regard to case.
  static func folded(_ value: UInt32) -> UInt32 {
    switch value {
    case 0x41...0x5A, 0xC0...0xD6, 0xD8...0xDE, 0x391...0x3A9, 0x410...0x42F, 0xFF21...0xFF3A: value + 0x20
    case 0x400...0x40F: value + 0x50
    case 0x531...0x556: value + 0x30
    case 0x139...0x148, 0x179...0x17E: value + (value & 1)
    case 0x100...0x177, 0x460...0x481, 0x48A...0x4BF, 0x4D0...0x52F, 0x1E00...0x1E95, 0x1EA0...0x1EFF: value | 1
    default: value
    }
  }

  private static func isDigit(_ value: UInt32) -> Bool {
    // The scripts of India keep their digits at one place of their blocks.
    if 0x0900..<0x0D80 ~= value { return 0x66...0x6F ~= value & 0x7F }
    return contains(value, in: digits)
  }

  private static func contains(_ value: UInt32, in ranges: [ClosedRange<UInt32>]) -> Bool {
    var (low, high) = (0, ranges.count)
    while low < high {
      let middle = (low + high) / 2
      if ranges[middle].upperBound < value { low = middle + 1 } else { high = middle }
    }
    return low < ranges.count && ranges[low].contains(value)
  }

  private static let spaces: Set<UInt32> = [
    0x85, 0xA0, 0x1680, 0x2000, 0x2001, 0x2002, 0x2003, 0x2004, 0x2005, 0x2006, 0x2007, 0x2008, 0x2009, 0x200A, 0x2028,
    0x2029, 0x202F, 0x205F, 0x3000,
  ]

  private static let ideographs: [ClosedRange<UInt32>] = [
    0x3005...0x3007, 0x3021...0x3029, 0x3038...0x303B, 0x3400...0x4DBF, 0x4E00...0x9FFF, 0xF900...0xFAFF,
    0x17000...0x18CFF, 0x1B170...0x1B2FF, 0x20000...0x3FFFF,
  ]

  private static let digits: [ClosedRange<UInt32>] = [
    0x00B2...0x00B3, 0x00B9...0x00B9, 0x00BC...0x00BE, 0x0660...0x0669, 0x06F0...0x06F9, 0x07C0...0x07C9,
    0x0E50...0x0E59, 0x0ED0...0x0ED9, 0x0F20...0x0F29, 0x1040...0x1049, 0x17E0...0x17E9, 0x1810...0x1819,
    0x2460...0x249B, 0xFF10...0xFF19,
  ]

  /// Punctuation, symbols, controls.
  private static let others: [ClosedRange<UInt32>] = [
    0x0080...0x00A9, 0x00AB...0x00B4, 0x00B6...0x00B9, 0x00BB...0x00BF, 0x00D7...0x00D7, 0x00F7...0x00F7,
    0x02C2...0x02C5, 0x037E...0x037E, 0x0387...0x0387, 0x055A...0x055F, 0x0589...0x058F, 0x05BE...0x05BE,
    0x05C0...0x05C0, 0x05C3...0x05C3, 0x05F3...0x05F4, 0x0600...0x060F, 0x061B...0x061F, 0x066A...0x066D,
    0x06D4...0x06D4, 0x0964...0x0965, 0x0970...0x0970, 0x0E3F...0x0E3F, 0x0E4F...0x0E4F, 0x0E5A...0x0E5B,
    0x0F01...0x0F17, 0x0F34...0x0F34, 0x0F3A...0x0F3D, 0x104A...0x104F, 0x10FB...0x10FB, 0x1360...0x1368,
    0x17D4...0x17DB, 0x1800...0x180A, 0x200B...0x2BFF, 0x2E00...0x2E7F, 0x3001...0x3004, 0x3008...0x3020,
    0x3030...0x3030, 0x303D...0x303F, 0x30A0...0x30A0, 0x30FB...0x30FB, 0x3200...0x33FF, 0xE000...0xF8FF,
    0xFD3E...0xFD3F, 0xFE10...0xFE6F, 0xFF01...0xFF0F, 0xFF1A...0xFF20, 0xFF3B...0xFF40, 0xFF5B...0xFF65,
    0xFFE0...0xFFFF, 0x1F000...0x1FAFF, 0xE0000...0xE0FFF,
  ]
}
