import CKernels

/// The sum, over all ranks, of some numbers that each rank has, in the place of them.
///
/// Each rank adds up a part of the numbers, for all: it receives that part of every rank, adds in the order of ranks, and
/// sends the sum back. (So 2 (R − 1) / R times the numbers go over the wire, in and out, which is the least possible.) In
/// bfloat16 half as much does; the sums are still made in float32.
package final class RankSum {
  private let communicator: Communicator
  private let places: [Matrix]
  private let pieceCount: Int
  private let precision: Precision
  // R pieces each: what is sent and, later, all sums; what is received; and this rank's sum.
  private let (sent, received): (Buffer<Float>, Buffer<Float>)
  private let sum: Buffer<Float>
  private let (narrowSent, narrowReceived): (Buffer<UInt16>, Buffer<UInt16>)

  /// - Parameters:
  ///   - places: the numbers; the same at every rank.
  ///   - precision: on the wire.
  package init(_ places: [Matrix], over communicator: Communicator, precision: Precision) {
    self.places = places
    self.communicator = communicator
    self.precision = precision
    let count = places.reduce(0) { $0 + $1.elementCount }
    let size = communicator.size
    // Whole cache lines for each rank.
    pieceCount = ((count + size - 1) / size + 15) / 16 * 16
    sent = Buffer(count: size * pieceCount)
    sum = Buffer(count: pieceCount)
    let isNarrow = precision == .bfloat16
    received = Buffer(count: isNarrow ? 0 : size * pieceCount)
    narrowSent = Buffer(count: isNarrow ? size * pieceCount : 0)
    narrowReceived = Buffer(count: isNarrow ? size * pieceCount : 0)
  }

  /// The bytes that a rank sends, and receives.
  package var byteCount: Int {
    2 * (communicator.size - 1) * pieceCount * (precision == .bfloat16 ? 2 : 4)
  }

  /// Makes the sum; collective.
  package func make() {
    forEachPlace { place, room in Kernels.active.copy(place, to: room) }
    if precision == .bfloat16 { makeNarrow() } else { makeWide() }
    forEachPlace { place, room in Kernels.active.copy(room, to: place) }
  }

  private func forEachPlace(_ body: (_ place: Matrix, _ room: Matrix) -> Void) {
    var start = 0
    for place in places {
      body(place, sent.view[start..<start + place.elementCount].matrix(place.rowCount, place.columnCount))
      start += place.elementCount
    }
  }

  private func makeWide() {
    communicator.exchange(sent.view, into: received.view)
    sum.view.copy(from: received.view[0..<pieceCount])
    for rank in 1..<communicator.size {
      Kernels.active.add(received.view[rank * pieceCount..<(rank + 1) * pieceCount], times: 1, to: sum.view)
    }
    communicator.gather(sum.view, into: sent.view)
  }

  private func makeNarrow() {
    narrow(sent.view, to: narrowSent.view)
    communicator.exchange(narrowSent.view, into: narrowReceived.view)
    sum.view.fill(0)
    let piece = sent.view[0..<pieceCount]
    for rank in 0..<communicator.size {
      widen(narrowReceived.view[rank * pieceCount..<(rank + 1) * pieceCount], to: piece)
      Kernels.active.add(piece, times: 1, to: sum.view)
    }
    let narrowSum = narrowReceived.view[0..<pieceCount]
    narrow(sum.view, to: narrowSum)
    communicator.gather(narrowSum, into: narrowSent.view)
    widen(narrowSent.view, to: sent.view)
  }

  private func narrow(_ numbers: View<Float>, to narrow: View<UInt16>) {
    // Safe: both are as long.
    unsafe ck_narrow(numbers.base, narrow.base, narrow.count)
  }

  private func widen(_ narrow: View<UInt16>, to numbers: View<Float>) {
    // Safe: both are as long.
    unsafe ck_widen(narrow.base, numbers.base, narrow.count)
  }
}
