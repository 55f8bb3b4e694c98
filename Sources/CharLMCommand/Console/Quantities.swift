/// Numbers as people read them.
enum Quantity {
  /// 1234567 as "1,234,567".
  static func count(_ value: Int) -> String {
    var digits = String(abs(value))
    var groups: [String] = []
    while digits.count > 3 {
      groups.insert(String(digits.suffix(3)), at: 0)
      digits.removeLast(3)
    }
    return (value < 0 ? "-" : "") + ([digits] + groups).joined(separator: ",")
  }

  /// A number with a fixed number of decimals: "1.532"; as Swift writes it where it is not finite or too large.
  static func fixed(_ value: Double, _ decimals: Int) -> String {
    var scale = 1.0
    for _ in 0..<decimals { scale *= 10 }
    guard value.isFinite, abs(value) < 1e12 else { return "\(value)" }
    let whole = Int((abs(value) * scale).rounded())
    let sign = value < 0 && whole > 0 ? "-" : ""
    guard decimals > 0 else { return sign + count(whole) }
    let digits = String(repeating: "0", count: max(0, decimals + 1 - String(whole).count)) + String(whole)
    return sign + digits.dropLast(decimals) + "." + digits.suffix(decimals)
  }

  /// A number in three significant digits, or all before the point: 0.005, 0.00354, 12, 1000; tiny ones as Swift writes
  /// them: 3e-05.
  static func short(_ value: Float) -> String {
    let plain = "\(value)".hasSuffix(".0") ? String("\(value)".dropLast(2)) : "\(value)"
    guard plain.count > 5, abs(value) >= 1e-4, abs(value) < 1e6 else { return plain }
    var decimals = 2
    var lowest: Float = 1
    while abs(value) < lowest { (decimals, lowest) = (decimals + 1, lowest / 10) }
    var text = fixed(Double(value), decimals)
    while text.contains("."), text.hasSuffix("0") || text.hasSuffix(".") { text.removeLast() }
    return text
  }

  /// Bytes in MB of 2^20, or KB of 2^10 below a tenth of one, or plain below 1 KB.
  static func bytes(_ count: Int) -> String {
    switch count {
    case ..<1024: self.count(count, "byte")
    case ..<104_858: fixed(Double(count) / 0x1p10, 1) + " KB"
    case ..<0x4000_0000: fixed(Double(count) / 0x1p20, 1) + " MB"
    default: fixed(Double(count) / 0x1p30, 1) + " GB"
    }
  }

  /// Seconds as "45s", "2m 05s", "3h 20m", "2d 4h".
  static func time(_ seconds: Double) -> String {
    guard seconds.isFinite, seconds < 1e9 else { return "?" }
    let whole = Int(max(seconds, 0).rounded())
    func two(_ value: Int) -> String { (value < 10 ? "0" : "") + String(value) }
    return switch whole {
    case ..<60: "\(whole)s"
    case ..<3600: "\(whole / 60)m \(two(whole % 60))s"
    case ..<86400: "\(whole / 3600)h \(two(whole / 60 % 60))m"
    default: "\(whole / 86400)d \(whole / 3600 % 24)h"
    }
  }

  /// A measured time: as `time`, with one decimal below ten seconds.
  static func measuredTime(_ seconds: Double) -> String {
    seconds < 9.95 ? fixed(seconds, 1) + "s" : time(seconds)
  }

  /// A list of numbers: "1,200, 1,400 and 1,600".
  static func list(_ values: [Int]) -> String {
    let words = values.map { count($0) }
    return words.count < 2
      ? words.joined() : words.dropLast().joined(separator: ", ") + " and " + words[words.count - 1]
  }

  /// A word with its number: "1 step", "2 steps".
  static func count(_ value: Int, _ word: String) -> String {
    count(value) + " " + word + (value == 1 ? "" : "s")
  }
}
