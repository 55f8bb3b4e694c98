import CFuzzer

/// libFuzzer's own mutation of some bytes, with its dictionary and what it saw compared.
func mutated(_ bytes: [UInt8], largest: Int) -> [UInt8] {
  var room = bytes + [UInt8](repeating: 0, count: max(0, largest - bytes.count))
  let count = room.withUnsafeMutableBufferPointer { LLVMFuzzerMutate($0.baseAddress, bytes.count, $0.count) }
  return Array(room[..<count])
}

/// One number of a text replaced by one that arithmetic trips over.
func withOtherNumber(_ text: [UInt8], _ random: inout MutationRandom) -> [UInt8] {
  var places: [Range<Int>] = []
  var start: Int?
  for (offset, byte) in (text + [0]).enumerated() {
    let isPart = UInt8(ascii: "0")...UInt8(ascii: "9") ~= byte || (start != nil && ".eE+-".utf8.contains(byte))
    if isPart, start == nil { start = offset }
    if !isPart, let first = start {
      places.append(first..<offset)
      start = nil
    }
  }
  guard !places.isEmpty else { return text }
  let place = places[random.below(places.count)]
  var changed = text
  changed.replaceSubrange(place, with: trippingNumbers[random.below(trippingNumbers.count)].utf8)
  return changed
}

private let trippingNumbers = [
  "0", "1", "-1", "2", "7", "255", "256", "65536", "1048576", "2147483647", "2147483648", "-2147483648", "4294967296",
  "9223372036854775807", "-9223372036854775808", "9223372036854775808", "18446744073709551615", "0.5", "-0.5", "1.5",
  "1e300", "-1e300", "1e-300", "1e999", "3.5e38", "1e18",
]

/// Half libFuzzer's own mutations, half other numbers.
func mutatedNumbers(_ input: [UInt8], largest: Int, random: inout MutationRandom) -> [UInt8] {
  random.below(2) > 0 ? mutated(input, largest: largest) : withOtherNumber(input, &random)
}
