import Foundation

@testable import CharLMText

/// Unicode's test files, where they are: Debian's package unicode-data has them, or the folder in CHARLM_UNICODE_DATA,
/// laid out as unicode.org's.
enum UnicodeData {
  static let graphemeBreaks = lines(of: "auxiliary/GraphemeBreakTest.txt")
  static let wordBreaks = lines(of: "auxiliary/WordBreakTest.txt")
  static let normalization = lines(of: "NormalizationTest.txt")

  /// Why the tests of Unicode's files are skipped, where they are.
  static let comment =
    "needs Unicode \(UnicodeLibrary.unicodeVersion)'s test files, as ICU is of it (apt-get install unicode-data bzip2)"

  /// The lines of a file, if it is there and of ICU's version of Unicode; otherwise none.
  private static func lines(of name: String) -> [Substring] {
    let folder = ProcessInfo.processInfo.environment["CHARLM_UNICODE_DATA"] ?? "/usr/share/unicode"
    let path = folder + "/" + name
    guard let data = FileManager.default.contents(atPath: path) ?? unpacked(path + ".bz2") else { return [] }
    let lines = String(decoding: data, as: UTF8.self).split(separator: "\n")
    // "# GraphemeBreakTest-15.0.0.txt"
    let version = UnicodeLibrary.unicodeVersion
    return lines.first?.contains("-\(version).") == true || lines.first?.contains("-\(version).txt") == true
      ? lines : []
  }

  private static func unpacked(_ path: String) -> Data? {
    guard FileManager.default.fileExists(atPath: path) else { return nil }
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = ["bzip2", "-dc", path]
    let pipe = Pipe()
    process.standardOutput = pipe
    do { try process.run() } catch { return nil }
    let data = pipe.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    return process.terminationStatus == 0 ? data : nil
  }
}

/// The UTF-8 of code points in hexadecimal, as Unicode's files write them; `nil` where one is no scalar.
func utf8(ofPoints points: some StringProtocol) -> [UInt8]? {
  var utf8: [UInt8] = []
  for point in points.split(separator: " ") {
    guard let value = UInt32(point, radix: 16), let scalar = Unicode.Scalar(value) else { return nil }
    utf8 += UTF8.encode(scalar) ?? UTF8.encodedReplacementCharacter
  }
  return utf8
}
