@testable import CharLMFiles

/// Mutates a safetensors file so that its frame stays whole: the header's length is right, and so is the digest that the
/// header states. Of what is left, numbers of the header (also those of the JSON inside its strings) change most.
func mutatedSafetensors(_ input: [UInt8], largest: Int, random: inout MutationRandom) -> [UInt8] {
  guard input.count > 8 else { return mutated(input, largest: largest) }
  let length = input[..<8].reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
  guard length <= UInt64(input.count - 8) else { return mutated(input, largest: largest) }
  var header = Array(input[8..<8 + Int(length)])
  var data = Array(input[(8 + Int(length))...])
  switch random.below(8) {
  case 0:
    let changed = mutated(data, largest: max(data.count, 1))
    data = Array((changed + data.dropFirst(changed.count)).prefix(data.count))
  case 1...4: header = withOtherNumber(header, &random)
  default:
    while header.last == UInt8(ascii: " ") { header.removeLast() }
    header = mutated(header, largest: max(header.count, largest - data.count - 16))
  }
  while header.count % 8 != 0 { header.append(UInt8(ascii: " ")) }
  let count = (0..<8).map { UInt8(truncatingIfNeeded: header.count >> (8 * $0)) }
  return withRightDigest(count + header + data)
}

/// The file with the digest that it should state, where it states one.
private func withRightDigest(_ file: [UInt8]) -> [UInt8] {
  let key = Array("\"sha256\":\"".utf8)
  guard let place = file.firstRange(of: key), place.upperBound + 64 <= file.count else { return file }
  let digits = place.upperBound..<place.upperBound + 64
  var file = file
  file.replaceSubrange(digits, with: repeatElement(UInt8(ascii: "0"), count: 64))
  var digest = SHA256Digest()
  digest.update(file)
  file.replaceSubrange(digits, with: digest.hexadecimal.utf8)
  return file
}
