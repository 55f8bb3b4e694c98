import CharLM
import CharLMData
import CharLMFiles
import CharLMText
import RecurrentNN
import Synchronization

/// What teachers predict at each token of a training text: the likeliest tokens with the mean of the teachers'
/// probabilities.
///
/// It is computed once, before the training that learns from it, which reads its text many times. A function of the
/// models and the text alone, so that a resumed run has the same.
///
/// `@unchecked Sendable` is Safe: it does not change once it is made.
@safe package final class TeacherPredictions: @unchecked Sendable {
  /// The teachers, and how much of the loss is theirs.
  let distillation: Distillation
  /// How many tokens are told apart at most; in text by character the others have less than a hundredth together.
  static let largestOutcomeCount = 16
  let outcomeCount: Int
  private let outcomes: Buffer<SoftTargets.Outcome>  // (tokens − 1, K)

  /// Reads a training text with the models.
  /// - Parameters:
  ///   - teachers: models of one vocabulary, each with its file.
  ///   - weight: how much of the loss is the teachers'.
  ///   - tokenizer: that of the text.
  ///   - threadCount: does not change the result.
  /// - Throws: `DistillationError`.
  convenience init(
    of teachers: [(path: String, model: LanguageModel)], weight: Float, in text: TokenText, tokenizer: Tokenizer,
    threadCount: Int
  ) throws(DistillationError) {
    let ensemble: Ensemble
    do throws(ModelMismatch) {
      ensemble = try Ensemble(teachers.map { ($0.path, $0.model) })
    } catch {
      throw .mismatch(error)
    }
    let vocabularyCount = tokenizer.vocabulary.count
    guard ensemble.tokenizer.vocabulary == tokenizer.vocabulary else {
      throw .vocabulary(teacher: teachers[0].path)
    }
    guard vocabularyCount <= SoftTargets.Outcome.tokenLimit else {
      throw .vocabularySize(found: vocabularyCount, limit: SoftTargets.Outcome.tokenLimit)
    }
    let outcomeCount = min(vocabularyCount, TeacherPredictions.largestOutcomeCount)
    let size = 4 * outcomeCount * text.count
    guard size <= MachineMemory.byteCount / 2 else {
      throw .memory(tokens: text.count, needed: size, available: MachineMemory.byteCount)
    }
    let outcomes = Buffer<SoftTargets.Outcome>(count: max(text.count - 1, 0) * outcomeCount)
    let isFinite = Atomic(true)
    let observer = PredictionObserver(logits: { place, logits in
      let logSum = logits.logSumOfExponentials
      guard logSum.isFinite else { return isFinite.store(false, ordering: .relaxed) }
      logits.likeliest(into: outcomes.view[place * outcomeCount..<(place + 1) * outcomeCount], logSum)
    })
    do throws(TokenFileError) {
      _ = try Evaluator(ensemble, threadCount: threadCount).stateful(
        text, documentID: tokenizer.vocabulary.documentID, observer: observer)
    } catch {
      throw .tokens(error)
    }
    guard isFinite.load(ordering: .relaxed) else { throw .notFinite(teachers: teachers.map(\.path)) }
    self.init(
      outcomes, count: outcomeCount,
      Distillation(
        teachers: teachers.map { .init(path: $0.path, identity: SHA256Digest.hexadecimal(of: $0.model.identity)) },
        weight: weight))
  }

  /// - Parameters:
  ///   - outcomes: what is predicted after each token of a text but the last.
  ///   - outcomeCount: how many outcomes a token has.
  init(_ outcomes: Buffer<SoftTargets.Outcome>, count outcomeCount: Int, _ distillation: Distillation) {
    (self.outcomes, self.outcomeCount, self.distillation) = (outcomes, outcomeCount, distillation)
  }

  /// Room for a chunk's predictions in a shard.
  func softTargets(of shard: NetworkShard) -> SoftTargets {
    if let softTargets = shard.softTargets { return softTargets }
    let softTargets = SoftTargets(
      rowCount: shard.capacity.rowCount, outcomeCount: outcomeCount, weight: distillation.weight)
    shard.softTargets = softTargets
    return softTargets
  }

  /// Copies what is predicted after the token at a place of the text.
  func copy(_ place: Int, to outcomes: View<SoftTargets.Outcome>) {
    let start = place * outcomeCount
    guard start < self.outcomes.count else { return }
    outcomes.copy(from: self.outcomes.view[start..<start + outcomeCount])
  }
}

extension Span where Element == Float {
  /// Writes the likeliest tokens under these logits, likeliest first.
  /// - Parameter logSum: that of their exponentials, finite.
  fileprivate func likeliest(into outcomes: View<SoftTargets.Outcome>, _ logSum: Double) {
    // The places of the best so far, by falling logits: a token joins them where it is above the last.
    var best: [Int] = []
    best.reserveCapacity(outcomes.count)
    for token in indices where best.count < outcomes.count || self[token] > self[best[best.count - 1]] {
      if best.count == outcomes.count { best.removeLast() }
      best.insert(token, at: best.lastIndex { self[$0] >= self[token] }.map { $0 + 1 } ?? 0)
    }
    for (place, token) in best.enumerated() {
      outcomes[place] = SoftTargets.Outcome(
        TokenID(token), probability: Float(exponential(Double(self[token]) - logSum)))
    }
  }
}
