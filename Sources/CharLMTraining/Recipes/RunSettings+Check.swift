import CharLM
import RecurrentNN

extension RunSettings {
  /// Checks what a run cannot do without, whoever chose it.
  /// - Throws: `SettingsError` with the first setting that does not fit.
  func check(for kind: ModelKind) throws(SettingsError) {
    try RunSettings.check("layers", network.layers, 1...1000)
    try RunSettings.check("hidden", network.hidden, 1...1 << 20)
    try RunSettings.check("embedding", network.embedding, 1...1 << 20)
    try RunSettings.check("dropout", network.dropout, 0...0.999)
    try RunSettings.check("batch", training.batch, 1...1 << 20)
    try RunSettings.check("bptt", training.bptt, 1...1 << 20)
    try RunSettings.check("shards", training.shards, 1...training.batch)
    try RunSettings.check("validationInterval", training.validationInterval, 1...Int.max)
    try RunSettings.check("clip", training.clip, 0...Float.greatestFiniteMagnitude)
    try RunSettings.check("averageDecay", training.averageDecay, 0...0.999_999)
    guard !network.tied || network.embedding == network.hidden else {
      throw .tiedSizes(embedding: network.embedding, hidden: network.hidden)
    }
    if network.bidirectional, kind == .language { throw .bidirectionalLanguageModel }
    guard training.precision.isAvailable else { throw .unavailable(training.precision) }
  }

  private static func check<Value: Comparable & Sendable>(
    _ name: String, _ value: Value, _ range: ClosedRange<Value>
  ) throws(SettingsError) {
    guard range.contains(value) else {
      throw .outOfRange(name: name, value: "\(value)", range: "\(range.lowerBound) to \(range.upperBound)")
    }
  }
}
