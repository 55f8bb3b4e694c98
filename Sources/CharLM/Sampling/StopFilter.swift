/// Lets bytes through up to the first of some stop texts; holds back what may be the beginning of one.
struct StopFilter {
  private let stops: [[UInt8]]
  private var held: [UInt8] = []
  private(set) var isFound = false

  /// - Parameter stops: the texts; empty ones do not count.
  init(stops: [[UInt8]]) { self.stops = stops.filter { !$0.isEmpty } }

  /// Takes bytes, and returns those that are no part of a stop text for certain.
  mutating func append(_ bytes: some Sequence<UInt8>) -> [UInt8] {
    guard !stops.isEmpty else { return Array(bytes) }
    var passed: [UInt8] = []
    for byte in bytes where !isFound {
      held.append(byte)
      if let count = foundCount {
        isFound = true
        passed += held.dropLast(count)
        held = []
      }
      while !held.isEmpty, !stops.contains(where: { $0.starts(with: held) }) { passed.append(held.removeFirst()) }
    }
    return passed
  }

  /// The length of the stop text that ends here, of several the longest; nil where none does.
  private var foundCount: Int? { stops.filter { held.suffix($0.count).elementsEqual($0) }.map(\.count).max() }

  /// Returns what is still held back.
  mutating func finish() -> [UInt8] {
    defer { held = [] }
    return held
  }
}
