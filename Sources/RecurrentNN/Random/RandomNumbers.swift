import Synchronization

/// The random numbers that tensors and new layers draw from where they are given no generator of their own.
public enum RandomNumbers {
  private static let shared = Sequence(seed: 0)
  @TaskLocal private static var scoped: Sequence?

  /// Sets the sequence; without it a program draws the same numbers each time it runs, those of seed 0.
  public static func manualSeed(_ seed: UInt64) {
    (scoped ?? shared).generator.withLock { $0 = SeededGenerator(seed: seed) }
  }

  /// Runs `body` with a sequence of its own, which no other task draws from.
  public static func withSeed<Result>(_ seed: UInt64, _ body: () throws -> Result) rethrows -> Result {
    try $scoped.withValue(Sequence(seed: seed), operation: body)
  }

  static func withShared<Result>(_ body: (inout SeededGenerator) -> sending Result) -> Result {
    (scoped ?? shared).generator.withLock { body(&$0) }
  }

  private final class Sequence: Sendable {
    let generator: Mutex<SeededGenerator>
    init(seed: UInt64) { generator = Mutex(SeededGenerator(seed: seed)) }
  }
}
