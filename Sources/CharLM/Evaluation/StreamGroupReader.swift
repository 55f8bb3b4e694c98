import CharLMData
import CharLMText
import RecurrentNN

/// Reads stretches side by side by the engine of sampling, so that what a precision of the weights costs can be measured.
final class StreamGroupReader: StretchReader {
  private let streams: any StreamGroup
  private let chunks: [Buffer<Int32>]
  private static let chunkCount = 1024

  let largestBatch = 64

  init(_ predictor: some Predictor, _ options: StreamOptions) {
    streams = predictor.makeStreams(count: largestBatch, options)
    chunks = (0..<largestBatch).map { _ in Buffer(count: StreamGroupReader.chunkCount + 1) }
  }

  func read(
    _ tokens: TokenText, _ stretches: [Stretch], documentID: TokenID?, observer: PredictionObserver
  ) throws(TokenFileError) -> Evaluation {
    streams.reset()
    let losses = stretches.map { Buffer<Float>(count: $0.length) }
    let hits = stretches.map { Buffer<Bool>(count: $0.length) }
    for first in stride(from: 0, to: stretches.map(\.length).max() ?? 0, by: StreamGroupReader.chunkCount) {
      let counts = stretches.map { min($0.length - first, StreamGroupReader.chunkCount) }
      for (number, count) in counts.enumerated() where count > 0 {
        let start = stretches[number].start + first
        try chunks[number].view.copy(start..<start + count + 1, of: tokens)
      }
      for offset in 0..<(counts.max() ?? 0) {
        // A stretch that has ended reads on, and nothing of it counts.
        streams.read { row in row < counts.count && offset < counts[row] ? chunks[row].view[offset] : 0 }
        streams.forEachStream { row, logits in
          guard row < counts.count, offset < counts[row] else { return }
          let place = first + offset
          guard stretches[row].start + place >= stretches[row].firstCounted else { return }
          let (nats, isRight) = logits.loss(of: chunks[row].view[offset + 1])
          losses[row].view[place] = Float(nats)
          hits[row].view[place] = isRight
          observer.logits?(stretches[row].place(place), logits)
        }
      }
    }
    var sums = Evaluation()
    for (row, stretch) in stretches.enumerated() {
      for place in stretch.firstCounted - stretch.start..<stretch.length {
        sums.add(nats: Double(losses[row].view[place]), isRight: hits[row].view[place])
        observer.losses?[stretch.place(place)] = losses[row].view[place]
      }
    }
    return sums
  }
}

extension Stretch {
  /// Where the loss of its prediction of so many tokens after its start stands among those of all stretches.
  fileprivate func place(_ offset: Int) -> Int { firstLoss + start + offset - firstCounted }
}
