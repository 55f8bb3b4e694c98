import RecurrentNN

/// How several processes, on one machine or on many, share a run.
public struct RankSettings: Codable, Hashable, Sendable {
  /// The number of processes.
  public var count: Int
  /// Steps that each makes by itself before they bring together what they have learned; 1 where they share each step.
  public var syncInterval: Int
  /// How far the mean of their moves is followed, and what is kept of the last one (Douillard et al. 2023). They count
  /// where `syncInterval` is above 1.
  public var outerRate: Float
  /// See `outerRate`.
  public var outerMomentum: Float
  /// What gradients and moves are sent in.
  public var wire: Precision

  /// Settings of a run of several processes.
  public init(
    count: Int, syncInterval: Int = 1, outerRate: Float = 0.7, outerMomentum: Float = 0.5, wire: Precision = .float32
  ) {
    self.count = count
    self.syncInterval = syncInterval
    self.outerRate = outerRate
    self.outerMomentum = outerMomentum
    self.wire = wire
  }

  /// - Throws: `OutOfRange` with the first setting that no run can have.
  package func checkRanges() throws(OutOfRange) {
    try SettingRanges.ranks.check("ranks", count)
    try SettingRanges.syncInterval.check("sync_interval", syncInterval)
    try SettingRanges.outerRate.check("outer_rate", outerRate)
    try SettingRanges.momentum.check("outer_momentum", outerMomentum)
  }
}
