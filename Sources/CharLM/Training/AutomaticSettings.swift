import RecurrentNN

/// Settings chosen where the user gave none.
public enum AutomaticSettings {
  /// The number of shards of a batch: rows enough for products of a good size, shards enough for the cores.
  public static func shardCount(batch: Int) -> Int { max(1, min(2, batch)) }
}
