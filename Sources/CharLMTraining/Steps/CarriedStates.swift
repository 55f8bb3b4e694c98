import RecurrentNN

/// The states that streams carry from step to step, as a saved run has them: of the whole batch, however many shards and
/// ranks share it.
final class CarriedStates {
  private let places: [(whole: (name: String, values: Buffer<Float>), parts: [Matrix])]
  private let firstRow: Int
  private let sum: RankSum?

  /// - Parameters:
  ///   - stacks: of this rank's shards; none where no state is carried.
  ///   - firstRow: the number, over all shards, of the first one's first row.
  init(_ stacks: [RecurrentStack], batchSize: Int, firstRow: Int, communicator: Communicator) {
    self.firstRow = firstRow
    let layers = stacks.first?.directions ?? []
    let parts = layers.indices.flatMap { layer in
      layers[layer].indices.flatMap { number in
        let directions = stacks.map { $0.directions[layer][number] }
        return [("hidden", directions.map(\.hidden)), ("cell", directions.map(\.cell))]
          .filter { ($0.1.first?.rowCount ?? 0) > 0 }
          .map { (name: "\($0.0).layer\(layer).direction\(number)", parts: $0.1) }
      }
    }
    places = parts.map { name, parts in
      ((name, Buffer(count: batchSize * (parts.first?.columnCount ?? 0))), parts)
    }
    sum =
      communicator.isAlone || places.isEmpty
      ? nil
      : RankSum(
        places.map { $0.whole.values.view.matrix(1, $0.whole.values.count) }, over: communicator, precision: .float32)
  }

  /// Each state as (rows of the batch, units), by name.
  var views: [(name: String, view: View<Float>)] { places.map { ($0.whole.name, $0.whole.values.view) } }

  /// Brings `views` up to date; collective.
  func collect() {
    for (whole, parts) in places {
      whole.values.view.fill(0)
      forEachPart(parts, whole.values) { part, place in Kernels.active.copy(part, to: place) }
    }
    sum?.make()
  }

  /// Gives the shards their rows of `views`.
  func distribute() {
    for (whole, parts) in places {
      forEachPart(parts, whole.values) { part, place in Kernels.active.copy(place, to: part) }
    }
  }

  private func forEachPart(_ parts: [Matrix], _ whole: Buffer<Float>, _ body: (_ part: Matrix, _ place: Matrix) -> Void)
  {
    var row = firstRow
    for part in parts {
      let range = row * part.columnCount..<(row + part.rowCount) * part.columnCount
      body(part, whole.view[range].matrix(part.rowCount, part.columnCount))
      row += part.rowCount
    }
  }
}
