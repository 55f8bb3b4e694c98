import Synchronization

/// The random numbers that tensors and new layers draw from where they are given no generator of their own.
public enum RandomNumbers {
  private static let shared = Mutex(SeededGenerator(seed: 0))

  /// Sets the sequence; without it a program draws the same numbers each time it runs, those of seed 0.
  public static func manualSeed(_ seed: UInt64) {
    shared.withLock { $0 = SeededGenerator(seed: seed) }
  }

  static func withShared<Result>(_ body: (inout SeededGenerator) -> sending Result) -> Result {
    shared.withLock { body(&$0) }
  }
}
