/// A model's bits per byte beside those of simple predictors and compressors of the same text, as a table, from the worst to
/// the best, and what it means in a sentence.
struct BaselineTable {
  private let rows: [(name: String, bits: Double, isModel: Bool)]
  private let bits: Double

  /// - Parameters:
  ///   - baselines: bits per byte, by name.
  ///   - model: the model's figures: as it was trained, and where it goes on learning, by name.
  init(_ baselines: [String: Double], model: [(name: String, bits: Double)]) {
    bits = model.map(\.bits).min() ?? .nan
    let all = baselines.map { ($0.key, $0.value, false) } + model.map { ($0.name, $0.bits, true) }
    rows = all.sorted { ($0.1, $0.0) > ($1.1, $1.0) }.map { (name: $0.0, bits: $0.1, isModel: $0.2) }
  }

  /// Lines of a name, the bits per byte, and how many fewer the best of the model's figures has.
  var lines: [String] {
    let width = rows.map(\.name.count).max() ?? 0
    return rows.map { row in
      let name = row.name + String(repeating: " ", count: width - row.name.count)
      let gain = row.isModel ? "" : "  \(signed(row.bits - bits))"
      return "\(name)  \(padded(Quantity.fixed(row.bits, 4), 7))\(gain)"
    }
  }

  /// "the model needs 12.3% fewer bits than the best of the others, ppmd".
  var meaning: String? {
    guard let best = rows.last(where: { !$0.isModel }), bits.isFinite else { return nil }
    let share = Quantity.fixed(abs(100 * (bits / best.bits - 1)), 1)
    let others = "the best of the others, \(best.name)"
    return bits < best.bits
      ? "the model needs \(share)% fewer bits than \(others)" : "the model needs \(share)% more bits than \(others)"
  }

  private func signed(_ value: Double) -> String { (value < 0 ? "" : "+") + Quantity.fixed(value, 4) }

  private func padded(_ text: String, _ width: Int) -> String {
    String(repeating: " ", count: max(0, width - text.count)) + text
  }
}
