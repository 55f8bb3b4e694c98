import CharLM
import CharLMFiles
import RecurrentNN

extension RunSettings {
  /// Checks what a run cannot do without, whoever chose it.
  /// - Throws: `SettingsError` with the first setting that does not fit.
  func check(for kind: ModelKind) throws(SettingsError) {
    do throws(OutOfRange) {
      try network.checkRanges()
      try training.checkRanges()
    } catch {
      throw .outOfRange(error)
    }
    guard !network.tied || network.embedding == network.hidden else {
      throw .tiedSizes(embedding: network.embedding, hidden: network.hidden)
    }
    if network.bidirectional, kind == .language { throw .bidirectionalLanguageModel }
    guard training.precision.isAvailable else { throw .unavailable(training.precision) }
  }
}

extension RunSettings {
  /// Checks that the run fits its data and this machine; allocates nothing large.
  /// - Throws: `SettingsError`.
  package func checkSizes(for data: TrainingData) throws(SettingsError) {
    if data.pairCount == nil { try training.checkBatch(tokenCount: data.trainTokenCount) }
    if let ranks = training.ranks, ranks.count > min(training.batch, data.pairCount ?? .max) {
      throw .tooManyRanks(count: ranks.count, batch: min(training.batch, data.pairCount ?? .max))
    }
    let (needed, available) = (TrainingEstimate(data, self).memoryByteCount, MachineMemory.byteCount)
    if needed > available { throw .memory(needed: needed, available: available) }
  }
}

extension TrainingSettings {
  /// Each stream needs a chunk of the text.
  func checkBatch(tokenCount: Int) throws(SettingsError) {
    guard batch * bptt + 1 <= tokenCount else {
      throw .batchTooLarge(batch: batch, bptt: bptt, tokenCount: tokenCount)
    }
  }
}
