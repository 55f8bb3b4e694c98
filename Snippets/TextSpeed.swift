/// How fast text becomes tokens on one core, in MB/s of counting a vocabulary and encoding with it together.
///
/// Look at: bytes, scalars and graphemes of charlm, which reads the text in pieces and checks its UTF-8, and Swift's own
/// `Character` iteration with a dictionary. Run it with `swift run -c release TextSpeed FILE`;
/// `Benchmarks/text_peers.py FILE` measures other toolkits on the same text.

import CharLMText
import Foundation

/// The file, repeated to about 64 MB.
func repeatedText(_ path: String) throws -> [UInt8] {
  let file = [UInt8](try Data(contentsOf: URL(fileURLWithPath: path)))
  return [[UInt8]](repeating: file, count: max(1, 64_000_000 / max(file.count, 1))).flatMap { $0 }
}

/// Reads the text in pieces of a megabyte, as charlm reads files.
func forEachPiece(_ text: [UInt8], _ settings: TextSettings, _ body: (TextPiece) throws -> Void) throws {
  var start = 0
  func read() -> [UInt8] {
    let end = min(start + 1 << 20, text.count)
    defer { start = end }
    return Array(text[start..<end])
  }
  var reader = try TextReader(settings: settings, source: "text")
  while let piece = try reader.next(read) { try body(piece) }
}

/// Counts and encodes the text with charlm, and returns the number of tokens.
func countAndEncode(_ text: [UInt8], _ unit: TextUnit) throws -> Int {
  let settings = TextSettings(unit: unit)
  var builder = VocabularyBuilder(settings: settings)
  try forEachPiece(text, settings) { builder.count($0.normalized.span) }
  let tokenizer = Tokenizer(vocabulary: try builder.vocabulary(), settings: settings)
  var count = 0
  try forEachPiece(text, settings) { count += try tokenizer.encode(normalized: $0.normalized, source: "text").count }
  return count
}

/// The same with Swift's own `Character` and `Dictionary`.
func countAndEncodeCharacters(_ text: [UInt8]) -> Int {
  let string = String(decoding: text, as: UTF8.self)
  var numbers: [Character: Int] = [:]
  for character in string where numbers[character] == nil { numbers[character] = numbers.count }
  return string.map { numbers[$0] ?? 0 }.count
}

/// Prints the speed of the best of three runs.
func measure(_ name: String, _ text: [UInt8], _ body: () throws -> Int) rethrows {
  var best = Double.infinity
  var count = 0
  for _ in 0..<3 {
    let duration = try ContinuousClock().measure { count = try body() }.components
    best = min(best, Double(duration.seconds) + Double(duration.attoseconds) * 1e-18)
  }
  print("\(name): \(Int(Double(text.count) / best / 1e6)) MB/s, \(count) tokens")
}

let path = CommandLine.arguments.count > 1 ? CommandLine.arguments[1] : "corpora/english.txt"
let text = try repeatedText(path)
for unit in [TextUnit.byte, .scalar, .grapheme] {
  try measure("charlm \(unit.rawValue)", text) { try countAndEncode(text, unit) }
}
measure("Swift Character", text) { countAndEncodeCharacters(text) }
