// libFuzzer's entry points. One executable holds all targets; the environment variable CHARLM_FUZZ names the one to run.
import CFuzzer
import FuzzTargets

@testable import CharLMFiles

/// The target that the environment names.
private let target: FuzzTarget = {
  let name = Files.environment("CHARLM_FUZZ") ?? ""
  guard let target = FuzzTarget.all.first(where: { $0.name == name }) else {
    fatalError("CHARLM_FUZZ is '\(name)', none of \(FuzzTarget.all.map(\.name).joined(separator: " "))")
  }
  return target
}()

/// How its inputs are mutated so that their frame (lengths, digests) stays whole and more than the frame is tried; nil for
/// libFuzzer's own mutations alone.
private let mutation: (@Sendable (_ input: [UInt8], _ largest: Int, _ random: inout MutationRandom) -> [UInt8])? =
  switch target.name {
  case "safetensors", "model", "state", "state-dict": mutatedSafetensors
  case "tokens": mutatedTokenFile
  case "vocabulary", "log", "vectors": mutatedNumbers
  default: nil
  }

/// What libFuzzer calls with each input.
@_cdecl("LLVMFuzzerTestOneInput")
public func testOneInput(_ data: UnsafePointer<UInt8>?, _ size: Int) -> CInt {
  target.run(Array(UnsafeBufferPointer(start: data, count: size)))
  return 0
}

/// What libFuzzer calls for an input that is like one, with room for `largest` bytes.
@_cdecl("LLVMFuzzerCustomMutator")
public func mutate(_ data: UnsafeMutablePointer<UInt8>, _ size: Int, _ largest: Int, _ seed: UInt32) -> Int {
  var random = MutationRandom(seed: seed)
  guard let mutation, random.below(8) > 0 else { return LLVMFuzzerMutate(data, size, largest) }
  let mutated = mutation(Array(UnsafeBufferPointer(start: data, count: size)), largest, &random).prefix(largest)
  UnsafeMutableBufferPointer(start: data, count: largest).update(fromContentsOf: mutated)
  return mutated.count
}
