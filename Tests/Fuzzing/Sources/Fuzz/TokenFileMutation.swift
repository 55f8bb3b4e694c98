@testable import CharLMFiles

/// Mutates a token file so that the digest at its end, and mostly the sizes before it, are right.
///
/// See `TokenFile` for the format: a header of 16 bytes, tokens, a description in JSON, two sizes of 8 bytes, a digest of
/// 32.
func mutatedTokenFile(_ input: [UInt8], largest: Int, random: inout MutationRandom) -> [UInt8] {
  func number(_ bytes: ArraySlice<UInt8>) -> UInt64 { bytes.reversed().reduce(0) { $0 << 8 | UInt64($1) } }
  func bytes(_ number: Int) -> [UInt8] { (0..<8).map { UInt8(truncatingIfNeeded: number >> (8 * $0)) } }
  guard input.count >= 64 else { return mutated(input, largest: largest) }
  let body = input.dropLast(48)
  let descriptionSize = number(input.suffix(40).prefix(8))
  guard descriptionSize <= UInt64(body.count - 16) else { return mutated(input, largest: largest) }
  var header = Array(body.prefix(16))
  var tokens = Array(body.dropFirst(16).dropLast(Int(descriptionSize)))
  var description = Array(body.suffix(Int(descriptionSize)))
  switch random.below(8) {
  case 0: header = Array((mutated(header, largest: 16) + header).prefix(16))
  case 1, 2: tokens = mutated(tokens, largest: max(1, min(largest / 2, tokens.count * 2)))
  case 3...5: description = withOtherNumber(description, &random)
  default: description = mutated(description, largest: max(1, largest - tokens.count - 64))
  }
  let width = max(1, Int(header[12]))
  var count = tokens.count / width
  if random.below(16) == 0 { count = random.below(1 << 20) }
  var file = header + tokens + description + bytes(count) + bytes(description.count)
  var digest = SHA256Digest()
  digest.update(file)
  file += digest.bytes
  return file
}
