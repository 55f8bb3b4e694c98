/// Lets bytes through up to a stop text; holds back what may be its beginning.
struct StopFilter {
  private let stop: [UInt8]
  private var held: [UInt8] = []
  private(set) var isFound = false

  init(stop: [UInt8]) { self.stop = stop }

  /// Takes bytes, and returns those that are no part of the stop text for certain.
  mutating func append(_ bytes: some Sequence<UInt8>) -> [UInt8] {
    guard !stop.isEmpty else { return Array(bytes) }
    var passed: [UInt8] = []
    for byte in bytes where !isFound {
      held.append(byte)
      while !stop.starts(with: held) { passed.append(held.removeFirst()) }
      if held.count == stop.count {
        isFound = true
        held = []
      }
    }
    return passed
  }

  /// Returns what is still held back.
  mutating func finish() -> [UInt8] {
    defer { held = [] }
    return held
  }
}
