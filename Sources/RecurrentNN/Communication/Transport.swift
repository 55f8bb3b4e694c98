/// What moves bytes between the ranks of a run. Every operation is collective: all ranks call it, in the same order, one at a
/// time.
package protocol Transport: AnyObject {
  /// This rank's number, from 0.
  var rank: Int { get }
  /// The number of ranks.
  var size: Int { get }
  /// Piece r of what is sent goes to rank r; piece r of what is received came from it. Both have `size` pieces.
  func exchange(_ sent: View<UInt8>, into received: View<UInt8>)
  /// The pieces of all ranks, in their order, at each of them.
  func gather(_ piece: View<UInt8>, into all: View<UInt8>)
  /// The first rank's bytes at all ranks.
  func broadcast(_ bytes: View<UInt8>)
}

/// One process by itself.
final class LoneTransport: Transport {
  let rank = 0
  let size = 1
  func exchange(_ sent: View<UInt8>, into received: View<UInt8>) { received.copy(from: sent) }
  func gather(_ piece: View<UInt8>, into all: View<UInt8>) { all.copy(from: piece) }
  func broadcast(_ bytes: View<UInt8>) {}
}
