import CharLM
import CharLMText

/// A text while it is written.
///
/// Safe: until it joins the group it only waits, and from then on the engine's thread alone uses it.
final class Writing: @unchecked Sendable {
  let queue: PieceQueue
  private(set) var id: GeneratorGroup.ID?
  private let order: WritingOrder
  private let startToken: TokenID
  private var text: SampleText
  private var piece: WrittenPiece

  init(_ order: WritingOrder, number: Int, _ model: LanguageModel, _ queue: PieceQueue) {
    (self.order, self.queue) = (order, queue)
    startToken = model.startToken
    text = SampleText(of: model, seed: SampleSeed(), length: order.length, stops: order.stops)
    piece = WrittenPiece(index: number)
  }

  /// Takes part in the steps of a group.
  func join(_ group: GeneratorGroup) -> GeneratorGroup.ID {
    let id = group.add(
      order.seed.tokens(startingFrom: startToken), sampling: order.sampling, randomSeed: order.randomSeed,
      candidateCount: order.candidateCount)
    self.id = id
    return id
  }

  /// Takes a token.
  /// - Returns: whether it was the last.
  func append(_ step: GeneratorGroup.Written) -> Bool {
    piece.text += text.append(step.token)
    piece.tokenCount += 1
    if let drawn = step.drawn { piece.drawn.append(drawn) }
    guard !text.wantsMore else { return false }
    piece.text += text.finish()
    piece.end = text.isStopped ? .stop : .length
    return true
  }

  /// Hands on what was written since the last time.
  /// - Returns: whether there is room for more.
  func deliver() -> Bool {
    guard piece.tokenCount > 0 || piece.end != nil else { return true }
    defer { piece = WrittenPiece(index: piece.index) }
    return queue.deliver(piece)
  }

  /// Ends before its time.
  func end(_ reason: WrittenPiece.End) {
    piece.text += text.finish()
    piece.end = reason
    _ = deliver()
  }
}
