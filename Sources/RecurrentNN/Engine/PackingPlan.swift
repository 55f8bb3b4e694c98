/// How large the parts of a shard's work can become; workspaces are made for this once.
package struct Capacity: Hashable, Sendable {
  /// Rows over all steps of a chunk.
  package var rowCount: Int
  /// Rows of one step.
  package var batchSize: Int
  /// Distinct input rows where the first layer's input comes through an index (the token table), else nil.
  package var tableSize: Int?

  package init(rowCount: Int, batchSize: Int, tableSize: Int? = nil) {
    self.rowCount = rowCount
    self.batchSize = batchSize
    self.tableSize = tableSize
  }
}

/// What is packed, and for which sizes of products.
package struct PackingPlan {
  package var capacity: Capacity
  /// Whether gradients will be asked for; they need a second layout of each weight.
  package var isTrained: Bool
  /// What the products are made in.
  package var precision: Precision
  /// Whether each step drops elements of W_hh (`StackWeights.drop`).
  package var dropsWeights = false

  package init(capacity: Capacity, isTrained: Bool, precision: Precision = .float32) {
    self.capacity = capacity
    self.isTrained = isTrained
    self.precision = precision
  }
}
