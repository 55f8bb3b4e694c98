/// Seconds since the command started.
enum Clock {
  private static let beginning = ContinuousClock.now

  /// Starts the clock.
  static func start() { _ = beginning }

  /// Seconds since `start`.
  static var seconds: Double { (ContinuousClock.now - beginning) / .seconds(1) }
}
